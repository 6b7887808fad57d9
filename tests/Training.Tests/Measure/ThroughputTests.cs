using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Training.Measure;

namespace Harness.Training.Tests.Measure;

public sealed class ThroughputTests
{
    private const double Step = 0.025; // seconds, above the least window

    [Fact]
    public void The_median_is_of_the_windows_after_the_warm_up()
    {
        // The first steps are slow and cost as much CPU as wall time; the others take a step's time and half the CPU.
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var throughput = Run(steps: 200, slow: 5, seconds: 1.0);
        throughput.AddTo(metrics);
        metrics["tokens_per_second"].ShouldBe(100 / Step, 1e-6);
        metrics["tokens_per_second_p10"].ShouldBe(100 / Step, 1e-6);
        metrics["tokens_per_cpu_second"].ShouldBe(200 / Step, 1e-6);
        metrics["scored_tokens_per_second"].ShouldBe(10 / Step, 1e-6);
        metrics["step_milliseconds"].ShouldBe(1000 * Step, 1e-6);
        metrics["cpu_wall_ratio"].ShouldBe(0.5, 1e-6);
    }

    [Fact]
    public void A_training_shorter_than_the_warm_up_has_no_throughput()
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        Run(steps: 10, slow: 0, seconds: 0).AddTo(metrics);
        metrics.ShouldBeEmpty();
    }

    [Fact]
    public void The_profile_of_a_day_fits_into_one_line()
    {
        var profile = Run(steps: 500_000, slow: 0, seconds: 0).Profile;
        profile.Count.ShouldBeInRange(900, 1000);
        profile.ShouldAllBe(rate => Math.Abs(rate - 100 / Step) < 1e-3);
        JsonSerializer
            .SerializeToUtf8Bytes(
                new TrainerProfile("throughput_windows", "window", profile, profile, null),
                DomainJson.Default.TrainerEvent
            )
            .Length.ShouldBeLessThan(RequestLine.MaxBytes);
    }

    private static Throughput Run(int steps, int slow, double seconds)
    {
        var (wall, cpu) = (0.0, 0.0);
        var throughput = new Throughput(() => (wall, cpu));
        for (var step = 1; step <= steps; step++)
        {
            var initial = step <= slow;
            wall += initial ? seconds : Step;
            cpu += initial ? seconds : Step / 2;
            throughput.Step(step, tokens: 100, scored: 10);
        }

        return throughput;
    }
}
