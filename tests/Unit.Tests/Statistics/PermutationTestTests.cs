using Harness.Domain.Statistics;

namespace Harness.Unit.Tests.Statistics;

public sealed class PermutationTestTests
{
    // Differences in height of 15 pairs of maize, crossed less selfed, in eighths of an inch: Darwin 1876.
    private static readonly double[] Maize =
    [
        49,
        -67,
        8,
        16,
        6,
        23,
        28,
        41,
        14,
        29,
        56,
        24,
        75,
        60,
        -48,
    ];

    // Fisher 1935, The Design of Experiments, section 21: of the 2^15 arrangements of signs, 863 sums are as great.
    [Fact]
    public void Darwins_maize_has_the_chance_that_Fisher_enumerated() =>
        PermutationTest.MeanAbove(Maize, 0).ShouldBe(863 / 32_768.0, 1e-15);

    [Fact]
    public void Moving_values_and_threshold_together_changes_nothing() =>
        PermutationTest
            .MeanAbove([.. Maize.Select(value => value + 1000)], 1000)
            .ShouldBe(863 / 32_768.0, 1e-15);

    [Fact]
    public void Below_is_the_mirror_image_of_above() =>
        PermutationTest
            .MeanBelow([.. Maize.Select(value => 7 - value)], 7)
            .ShouldBe(863 / 32_768.0, 1e-15);

    [Theory]
    [InlineData(8, 256)]
    [InlineData(16, 65_536)]
    public void Values_all_beyond_the_threshold_reach_the_least_p(int count, int arrangements)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(number => 1.0 + number)];
        PermutationTest.MeanAbove(values, 0.5).ShouldBe(1.0 / arrangements);
        PermutationTest.SmallestMean(count).ShouldBe(1.0 / arrangements);
    }

    [Fact]
    public void Equal_values_at_the_threshold_say_nothing() =>
        PermutationTest.MeanAbove([2, 2, 2, 2], 2).ShouldBe(1);

    [Fact]
    public void Many_values_are_drawn_alike_at_each_call_and_close_to_the_normal_tail()
    {
        // 100 values of mean 1 and standard deviation 10 / sqrt(99): z = 1, upper tail 0.1587.
        double[] values =
        [
            .. Enumerable.Range(0, 100).Select(number => 1 + (number % 2 == 0 ? 10.0 : -10.0)),
        ];
        var p = PermutationTest.MeanAbove(values, 0);
        PermutationTest.MeanAbove(values, 0).ShouldBe(p);
        p.ShouldBeInRange(0.14, 0.20);
        PermutationTest
            .MeanAbove([.. values.Select(value => value + 1000)], 0)
            .ShouldBe(1e-5, 1e-12);
    }

    [Fact]
    public void Two_groups_that_are_wholly_apart_are_one_arrangement_of_all()
    {
        PermutationTest.DifferenceAbove([5, 6, 7, 8], [1, 2, 3, 4], 0).ShouldBe(1 / 70.0, 1e-15);
        PermutationTest.DifferenceAbove([1, 2, 3, 4], [5, 6, 7, 8], 0).ShouldBe(1);
        PermutationTest.DifferenceAbove([5, 6, 7, 8], [1, 2, 3, 4], 3).ShouldBeGreaterThan(0.05);
    }

    [Fact]
    public void Every_split_of_two_small_groups_is_tried()
    {
        double[] values = [3.1, 0.2, 5.7];
        double[] others = [1.9, 2.4, -1.0, 0.6];
        PermutationTest
            .DifferenceAbove(values, others, 0.5)
            .ShouldBe(Enumerated(values, others, 0.5), 1e-15);
    }

    [Fact]
    public void Groups_without_spread_that_differ_reach_the_least_p() =>
        PermutationTest.DifferenceAbove([1, 1, 1], [0, 0, 0], 0).ShouldBe(1 / 20.0, 1e-15);

    [Fact]
    public void Large_groups_are_drawn_alike_at_each_call()
    {
        double[] values = [.. Enumerable.Range(0, 16).Select(number => number + 0.5)];
        double[] others = [.. Enumerable.Range(0, 16).Select(number => number * 1.0)];
        var p = PermutationTest.DifferenceAbove(values, others, 0);
        PermutationTest.DifferenceAbove(values, others, 0).ShouldBe(p);
        p.ShouldBeInRange(0.3, 0.5);
    }

    [Fact]
    public void Under_the_null_the_test_says_yes_no_more_often_than_its_level()
    {
        var random = new Random(7);
        var yes = Enumerable
            .Range(0, 2000)
            .Count(_ =>
                PermutationTest.MeanAbove(
                    [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble() - 0.5)],
                    0
                ) <= 0.05
            );
        // Exact level 12 / 256 = 0.047; 2000 draws scatter by 0.005.
        yes.ShouldBeInRange(60, 130);
    }

    private static double Enumerated(double[] values, double[] others, double threshold)
    {
        double[] pooled = [.. values.Select(value => value - threshold), .. others];
        var splits = Enumerable
            .Range(0, 1 << pooled.Length)
            .Where(bits => int.PopCount(bits) == values.Length)
            .Select(bits => Welch(pooled, bits))
            .ToList();
        var observed = Welch(pooled, (1 << values.Length) - 1);
        return (double)splits.Count(t => t >= observed - 1e-12) / splits.Count;
    }

    private static double Welch(double[] pooled, int bits)
    {
        var groups = pooled
            .Select((value, place) => (value, first: (bits >> place & 1) == 1))
            .ToLookup(pair => pair.first, pair => pair.value);
        var (one, two) = (groups[true].ToArray(), groups[false].ToArray());
        return (one.Average() - two.Average()) / Math.Sqrt(Error(one) + Error(two));
    }

    private static double Error(double[] group) =>
        group.Sum(value => Math.Pow(value - group.Average(), 2))
        / (group.Length - 1)
        / group.Length;
}
