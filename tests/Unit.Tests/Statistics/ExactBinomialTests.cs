using Harness.Domain.Statistics;

namespace Harness.Unit.Tests.Statistics;

public sealed class ExactBinomialTests
{
    [Theory]
    [InlineData(16, 16, 1)]
    [InlineData(15, 16, 17)]
    [InlineData(14, 16, 137)]
    [InlineData(8, 16, 39_203)]
    [InlineData(0, 16, 65_536)]
    public void The_tail_of_sixteen_fair_coins_equals_the_count_of_their_throws(
        int heads,
        int count,
        int of65536
    ) => ExactBinomial.AtLeast(heads, count, 0.5).ShouldBe(of65536 / 65_536.0, 1e-14);

    [Fact]
    public void The_tail_of_an_unfair_coin_equals_the_sum_of_its_terms() =>
        // 5 p^4 q + p^5 for p = 0.3
        ExactBinomial.AtLeast(4, 5, 0.3).ShouldBe(5 * 0.0081 * 0.7 + 0.00243, 1e-14);

    [Theory]
    // Closed forms at the ends: 1 - (a/2)^(1/n), Clopper and Pearson 1934.
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(10, 10, 0.6915029, 1)]
    [InlineData(8, 8, 0.6305834, 1)]
    [InlineData(16, 16, 0.7940928, 1)]
    // R 4: binom.test(5, 10)$conf.int
    [InlineData(5, 10, 0.187086, 0.812914)]
    // R 4: the example of binom.test, Conover 1971 after Mendel's peas, 682 of 925.
    [InlineData(682, 925, 0.7076683, 0.7654066)]
    public void The_interval_is_that_of_Clopper_and_Pearson(
        int successes,
        int count,
        double low,
        double high
    )
    {
        var interval = ExactBinomial.ClopperPearson(successes, count);
        interval.Low.ShouldBe(low, 1e-6);
        interval.High.ShouldBe(high, 1e-6);
        interval.Level.ShouldBe(0.95);
    }

    [Fact]
    public void The_interval_at_its_ends_leaves_the_tail_that_it_says()
    {
        var interval = ExactBinomial.ClopperPearson(3, 20, 0.9);
        ExactBinomial.AtLeast(3, 20, interval.Low).ShouldBe(0.05, 1e-12);
        (1 - ExactBinomial.AtLeast(4, 20, interval.High)).ShouldBe(0.05, 1e-12);
    }
}
