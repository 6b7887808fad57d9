using Harness.Domain.Statistics;

namespace Harness.Unit.Tests.Statistics;

public sealed class DescriptiveTests
{
    // Student 1908, section IX: additional hours of sleep, second drug less first, of ten patients.
    // R 4: t.test(sleep2 - sleep1)$conf.int
    [Fact]
    public void The_interval_of_Students_sleepers_is_the_published_one()
    {
        var interval = StudentT.Interval([1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4])!;
        interval.Low.ShouldBe(0.7001142, 1e-6);
        interval.High.ShouldBe(2.4598858, 1e-6);
    }

    // Fisher and Yates, table III.
    [Theory]
    [InlineData(0.975, 1, 12.706)]
    [InlineData(0.975, 7, 2.365)]
    [InlineData(0.975, 15, 2.131)]
    [InlineData(0.995, 9, 3.250)]
    public void Quantiles_of_t_are_those_of_the_table(double share, int freedom, double t) =>
        StudentT.Quantile(share, freedom).ShouldBe(t, 5e-4);

    [Fact]
    public void One_value_has_no_interval() => StudentT.Interval([3]).ShouldBeNull();

    // Hyndman and Fan 1996, definition 7, which is R's default: quantile(1:10, 0.25) is 3.25.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 3.25)]
    [InlineData(0.5, 5.5)]
    [InlineData(0.9, 9.1)]
    [InlineData(1, 10)]
    public void Quantiles_lie_linearly_between_neighbours(double share, double value) =>
        Quantiles.At([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share).ShouldBe(value, 1e-12);

    [Fact]
    public void An_infinite_value_does_not_spoil_a_median_beside_it() =>
        Quantiles.Median([1, 2, double.PositiveInfinity]).ShouldBe(2);

    // Anscombe 1973: the first of his four data sets; all four give y = 3.00 + 0.500 x and R^2 = 0.667.
    [Fact]
    public void Anscombes_first_set_has_the_published_line()
    {
        var line = LeastSquares.Fit(
            [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
            [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
        )!;
        line.Intercept.ShouldBe(3.0001, 1e-4);
        line.Slope.ShouldBe(0.5001, 1e-4);
        line.RSquared.ShouldBe(0.6665, 1e-4);
    }

    [Fact]
    public void Points_above_each_other_have_no_line() =>
        LeastSquares.Fit([1, 1], [2, 3]).ShouldBeNull();
}
