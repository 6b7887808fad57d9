using System.Globalization;

namespace Harness.Dashboard.Charts;

/// <summary>Numbers in drawings: a tenth of a pixel is enough, and a page stays small.</summary>
public static class Draw
{
    /// <summary>A coordinate.</summary>
    public static string Number(double value) =>
        value.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>Widths of labels, by the mean width of a letter of the system's sans family at 11 px.</summary>
public static class TextWidth
{
    private const double Letter = 6.4;
    private const double BoldLetter = 7.2;

    /// <summary>Width of plain text.</summary>
    public static double Of(string text) => text.Length * Letter;

    /// <summary>Width of a bold label.</summary>
    public static double OfBold(string text) => text.Length * BoldLetter;
}
