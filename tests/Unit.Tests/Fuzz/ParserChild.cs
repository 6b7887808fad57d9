using System.Globalization;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Domain.Sweeps;
using Harness.Unit.Tests.Shape;

namespace Harness.Unit.Tests.Fuzz;

/// <summary>
/// The mode of this program in which it only reads mutated files, one after the other; <see cref="ParserFuzzTests"/>
/// starts it. It writes the number of the file that it begins, so that one which kills it is known.
/// </summary>
public sealed class ParserChild
{
    /// <summary>Names the file that it writes numbers into; without it this is no child.</summary>
    public const string Progress = "HARNESS_FUZZ_PROGRESS";
    public const string Seed = "HARNESS_FUZZ_SEED";
    public const string Files = "HARNESS_FUZZ_FILES";

    private static readonly TimeSpan CpuLimit = TimeSpan.FromSeconds(2);

    internal static Mutation Mutation { get; } =
        new([
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, "sweeps"), "*.yml")
                .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "claims"), "*.yml"))
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
        ]);

    [Fact(Explicit = true)]
    public void Reads_all_files()
    {
        var progress = Environment.GetEnvironmentVariable(Progress);
        Assert.SkipWhen(progress is null, "ParserFuzzTests starts it");
        var (seed, files) = (Number(Seed), Number(Files));
        using var told = File.CreateText(progress!);
        told.AutoFlush = true;
        for (var number = 0; number < files; number++)
        {
            told.WriteLine(number);
            var before = Environment.CpuUsage.TotalTime;
            Read(Mutation.File(seed, number), isJson: number % 4 == 3);
            var spent = Environment.CpuUsage.TotalTime - before;
            spent.ShouldBeLessThan(CpuLimit, $"file {number} took so much of a processor");
        }

        told.WriteLine("done");
    }

    private static void Read(byte[] bytes, bool isJson)
    {
        var (text, fault) = SpecText.Decode(bytes);
        if (text is null)
        {
            Told(null, [fault!]);
            return;
        }

        var sweep = SweepFile.Parse(text, [], isJson);
        Told(sweep.Spec, sweep.Problems);
        var claim = ClaimFile.Parse(text);
        Told(claim.Claim, claim.Problems);
    }

    // A value, or faults that a person can read: never both, never neither.
    private static void Told(object? value, IReadOnlyList<SpecProblem> problems)
    {
        (value is null).ShouldBe(problems.Count > 0);
        problems.ShouldAllBe(problem => problem.Message.Length > 0 && problem.Code.Length > 0);
        problems.Count.ShouldBeLessThanOrEqualTo(50);
    }

    private static int Number(string variable) =>
        int.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);
}
