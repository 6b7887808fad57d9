namespace Harness.Training.Tests.Processes;

public sealed class DeterminismTests
{
    public static TheoryData<string> Models() =>
        [.. Catalogs.Shipped.Models.Select(model => model.Entry.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_same_trial_in_another_process_gives_the_same_bits(string model)
    {
        var spec = SomeTrial.Of(model, "copy-memory").With("data_type", "float32");
        var line = TrainerProcess.Line(spec);
        var first = (await TrainerProcess.RunAsync(line)).Recorded;
        // What may differ between two hosts must not move a number.
        var second = (
            await TrainerProcess.RunAsync(line, null, ("MALLOC_TRIM_THRESHOLD_", "4000000000"))
        ).Recorded;

        second.Result.ParameterHash.ShouldBe(first.Result.ParameterHash.ShouldNotBeNull());
        foreach (var curve in new[] { "train_loss", "gradient_norm" })
        {
            first.Curve(curve).Length.ShouldBe(20);
            second.Curve(curve).ShouldBe(first.Curve(curve));
        }

        foreach (var profile in new[] { "accuracy", "loss" })
        {
            second.Profile(profile).Values.ShouldBe(first.Profile(profile).Values);
        }

        Recorded.Run(spec).Result.ParameterHash.ShouldBe(first.Result.ParameterHash);
        Recorded
            .Run(spec with { Seed = 2 })
            .Result.ParameterHash.ShouldNotBe(first.Result.ParameterHash);
    }
}
