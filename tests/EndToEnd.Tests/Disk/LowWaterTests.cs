using Harness.Domain;
using Harness.Grains.Disk;

namespace Harness.EndToEnd.Tests.Disk;

public sealed class LowWaterTests
{
    [Theory]
    [InlineData(2, 1)] // five percent are less than a gibibyte
    [InlineData(100, 5)]
    [InlineData(10_000, 10)] // five percent of a large disk are no danger
    public void A_gibibyte_or_five_percent_must_be_free(long total, long limit) =>
        LowWater.Default.Limit(total << 30).ShouldBe(limit << 30);

    [Theory]
    [InlineData("HARNESS_DISK_FREE", "much", "give a size such as 512MiB")]
    [InlineData("HARNESS_DISK_FREE_PERCENT", "-5", "give a number from 0 to 100")]
    [InlineData("HARNESS_DISK_FREE_PERCENT", "101", "give a number from 0 to 100")]
    public void A_setting_that_is_wrong_is_told_at_the_start(string name, string value, string told)
    {
        var wrong = Should.Throw<HarnessException>(() =>
            DiskGuard.Of(setting => setting == name ? value : null)
        );
        wrong.ExitCode.ShouldBe(HarnessException.BadInput);
        wrong.Message.ShouldStartWith($"{name} is '{value}': ");
        wrong.Message.ShouldContain(told);
    }

    [Fact]
    public void The_settings_name_folders_and_what_must_be_free()
    {
        var here = Path.GetTempPath();
        Guard(here, "1B", "0").Sentence.ShouldBeNull();
        Guard($"/not/there:{here}", "8TiB", "0").Sentence!.ShouldContain($"The disk of {here} has");
        Guard("/not/there", "8TiB", "0").Sentence.ShouldBeNull("what cannot be asked says nothing");
        Guard("", "8TiB", "100").Sentence.ShouldBeNull("nothing is watched");
    }

    private static DiskGuard Guard(string disk, string free, string percent) =>
        DiskGuard.Of(name =>
            name switch
            {
                "HARNESS_DISK" => disk,
                "HARNESS_DISK_FREE" => free,
                _ => percent,
            }
        );
}
