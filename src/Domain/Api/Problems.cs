namespace Harness.Domain.Api;

/// <summary>One thing that is wrong with an input.</summary>
public sealed record SpecProblem
{
    /// <summary>Stable code, e.g. <c>field.unknown</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Where in the document, as a JSON pointer, e.g. <c>/parameters/width</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Line, from 1; 0 where there is none.</summary>
    public required int Line { get; init; }

    /// <summary>Column, from 1; 0 where there is none.</summary>
    public required int Column { get; init; }

    /// <summary>What is wrong, in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Values that would do, in words.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The nearest spelling.</summary>
    public string? Suggestion { get; init; }
}

/// <summary>RFC 9457 problem details, as the API answers and the command line prints them.</summary>
public sealed record ProblemDocument
{
    /// <summary>Stable name, e.g. <c>/problems/spec-invalid</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Short title.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence that says what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The request's path.</summary>
    public string? Instance { get; init; }

    /// <summary>Every fault of the input.</summary>
    public IReadOnlyList<SpecProblem> Errors { get; init; } = [];
}
