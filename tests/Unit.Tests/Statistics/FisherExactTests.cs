using Harness.Domain.Statistics;

namespace Harness.Unit.Tests.Statistics;

public sealed class FisherExactTests
{
    // Fisher 1935, The Design of Experiments, section 5: eight cups of tea, four of each kind; chosen right by chance
    // 1, 16, 36, 16, 1 of 70 times.
    [Theory]
    [InlineData(4, 1)]
    [InlineData(3, 17)]
    [InlineData(2, 53)]
    [InlineData(1, 69)]
    [InlineData(0, 70)]
    public void The_lady_who_tastes_tea_has_the_chances_that_Fisher_gave(int right, int of70) =>
        FisherExact.Greater(right, 4, 4 - right, 4).ShouldBe(of70 / 70.0, 1e-15);

    // Fisher 1934, Statistical Methods for Research Workers, 5th edition, section 21.02: convictions of like-sex twins
    // of criminals, 10 of 13 identical and 2 of 17 others: 619 / 1,330,665 = 0.000465.
    [Fact]
    public void The_criminal_twins_have_the_chance_that_Fisher_gave() =>
        FisherExact.Greater(10, 13, 2, 17).ShouldBe(619.0 / 1_330_665, 1e-15);

    [Fact]
    public void Eight_against_none_of_eight_is_one_in_12870() =>
        FisherExact.Smallest(8, 8).ShouldBe(1.0 / 12_870, 1e-18);

    [Fact]
    public void Every_table_of_small_groups_equals_the_count_of_its_arrangements()
    {
        for (var (n, m) = (1, 4); n <= 5; n++)
        {
            for (var a = 0; a <= n; a++)
            {
                for (var b = 0; b <= m; b++)
                {
                    FisherExact.Greater(a, n, b, m).ShouldBe(Enumerated(a, n, b, m), 1e-14);
                }
            }
        }
    }

    [Fact]
    public void Large_groups_stay_within_a_double() =>
        FisherExact.Greater(700, 700, 0, 700).ShouldBeInRange(0, 1e-300);

    // Every placement of the successes among all members, one bit each.
    private static double Enumerated(int a, int n, int b, int m)
    {
        var placements = Enumerable
            .Range(0, 1 << (n + m))
            .Where(bits => int.PopCount(bits) == a + b)
            .ToList();
        return (double)placements.Count(bits => int.PopCount(bits & ((1 << n) - 1)) >= a)
            / placements.Count;
    }
}
