using Harness.Domain.Trials;
using Harness.Training.Tasks;

namespace Harness.Training.Tests.Tasks;

/// <summary>The corpus where it is installed: its absence skips a test on a laptop and fails it on CI.</summary>
internal static class RealText
{
    private static readonly Lazy<string?> Text = new(Read);

    public static CharLm Task(TrialSpec spec)
    {
        const string Missing = "the corpus is missing: ./dev data";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Text.Value.ShouldNotBeNull(Missing);
        }

        Assert.SkipWhen(Text.Value is null, Missing);
        return new CharLm(spec, Text.Value!);
    }

    private static string? Read()
    {
        try
        {
            return Corpus.DevilsDictionary.Read();
        }
        catch (DataException)
        {
            return null;
        }
    }
}
