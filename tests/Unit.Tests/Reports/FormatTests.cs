using Harness.Domain.Metrics;

namespace Harness.Unit.Tests.Reports;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0.0, "0 B")]
    [InlineData(512.0, "512 B")]
    [InlineData(999.6, "0.976 KiB")]
    [InlineData(1024.0, "1.00 KiB")]
    [InlineData(432_013_312.0, "412 MiB")]
    [InlineData(12_058_624.0, "11.5 MiB")]
    [InlineData(1_299_227_607.0, "1.21 GiB")]
    public void Bytes_are_in_binary_units_of_three_figures(double bytes, string text) =>
        Format.Bytes(bytes).ShouldBe(text);

    [Theory]
    [InlineData(13_140.0, "13.1 k")]
    [InlineData(100_000.0, "100 k")]
    [InlineData(950.0, "950")]
    [InlineData(999_700.0, "1.00 M")]
    public void Rates_are_in_thousands(double rate, string text) =>
        Format.Rate(rate).ShouldBe(text);

    [Theory]
    [InlineData(0.0, "0 s")]
    [InlineData(0.82, "820 ms")]
    [InlineData(4.23, "4.2 s")]
    [InlineData(42.0, "42 s")]
    [InlineData(59.7, "1 min")]
    [InlineData(97.2, "1 min 37 s")]
    [InlineData(1500.0, "25 min")]
    [InlineData(3599.0, "1 h")]
    [InlineData(6120.0, "1 h 42 min")]
    [InlineData(172_800.0, "2 d")]
    public void Durations_are_in_two_units_at_most(double seconds, string text) =>
        Format.Duration(seconds).ShouldBe(text);

    [Theory]
    [InlineData(1.93, 1.90, 1.96, "1.93 [1.90, 1.96]")]
    [InlineData(0.21, -0.04, 0.46, "0.21 [−0.04, 0.46]")]
    [InlineData(0.912, 0.910, 0.914, "0.912 [0.910, 0.914]")]
    [InlineData(41, 33, 52, "41.0 [33.0, 52.0]")]
    [InlineData(1, 1, 1, "1.00 [1.00, 1.00]")]
    public void An_interval_has_the_digits_that_its_half_width_allows(
        double estimate,
        double low,
        double high,
        string text
    ) => Format.Interval(estimate, low, high).ShouldBe(text);

    [Theory]
    [InlineData(9.996, "10.0")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(-2.5, "−2.50")]
    [InlineData(3e-9, "3.0e−9")]
    [InlineData(0.0, "0")]
    [InlineData(1234.0, "1,234")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Numbers_have_three_figures(double value, string text) =>
        Format.Number(value).ShouldBe(text);

    [Fact]
    public void What_was_not_measured_is_a_dash_and_zero_is_zero()
    {
        Format.Share(null).ShouldBe("–");
        Format.Share(0).ShouldBe("0.000");
        Format.Count(1_048_576).ShouldBe("1,048,576");
        Format.Metric("peak_memory_bytes", null).ShouldBe("–");
        Format.Metric("tokens_per_cpu_second", 15_800).ShouldBe("15.8 k");
        Format.Metric("accuracy", 0.9984).ShouldBe("0.998");
    }
}
