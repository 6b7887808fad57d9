using System.Text.Json;

namespace Harness.Domain.Catalogue;

/// <summary>What the trainer offers, known without loading its native library.</summary>
public static class TrainerCatalogue
{
    private static readonly Lazy<CatalogueFile> File = new(Read);

    /// <summary>The committed catalogue.</summary>
    public static CatalogueFile Current => File.Value;

    /// <summary>The model of that name, or null.</summary>
    public static ModelEntry? Model(string name) =>
        Current.Models.FirstOrDefault(model => model.Name == name);

    /// <summary>The task of that name, or null.</summary>
    public static TaskEntry? Task(string name) =>
        Current.Tasks.FirstOrDefault(task => task.Name == name);

    private static CatalogueFile Read()
    {
        using var stream = typeof(TrainerCatalogue).Assembly.GetManifestResourceStream(
            "catalogue.json"
        )!;
        return JsonSerializer.Deserialize(stream, DomainJson.Default.CatalogueFile)!;
    }
}
