using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Training.Models;

/// <summary>Settings that several models share.</summary>
public static class Parameters
{
    /// <summary>Native kernel, or the formula as the papers write it.</summary>
    public static ParameterDefinition Kernel { get; } =
        new()
        {
            Name = "kernel",
            Kind = ParameterKind.Choice,
            Description =
                "fused: the library's native kernel; textbook: the formula as written. Same numbers up to rounding.",
            Default = SettingValue.Of("fused"),
            Choices = ["fused", "textbook"],
        };
}
