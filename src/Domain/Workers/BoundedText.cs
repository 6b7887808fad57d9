namespace Harness.Domain.Workers;

/// <summary>Text of a trainer or a worker as the tables can hold it.</summary>
public static class BoundedText
{
    /// <summary>At most so many characters, never half of one, and without the NUL that PostgreSQL's text refuses.</summary>
    /// <param name="text">What was said.</param>
    /// <param name="most">UTF-16 units that are kept; one less where the cut would part a surrogate pair.</param>
    public static string Cut(string text, int most)
    {
        var end = most;
        if (text.Length > most && most > 0 && char.IsHighSurrogate(text[most - 1]))
        {
            end--;
        }

        return (text.Length > most ? text[..end] : text).Replace('\0', '\u2400');
    }
}
