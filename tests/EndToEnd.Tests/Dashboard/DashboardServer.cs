using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Dashboard;
using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Disk;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>A dashboard on a real port over a real database, read with the role that it has in production.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    public const string AdminToken = "admin-token-of-the-tests";
    public const string ViewerToken = "viewer-token-of-the-tests";

    public const string Spec = """
        version: 1
        name: two-models
        parameters:
          model: {values: [rnn, gru]}
          task: {value: parity}
          width: {value: 8}
        seeds: 2
        budget: {steps: 4}
        """;

    private readonly WebApplication _app;

    private DashboardServer(
        WebApplication app,
        TestDatabase database,
        TestCluster cluster,
        Requests requests
    )
    {
        Requests = requests;
        _app = app;
        Database = database;
        Cluster = cluster;
        Address = new Uri(app.Urls.First());
        Admin = Client(AdminToken);
        Viewer = Client(ViewerToken);
        Anyone = Client(null);
    }

    public TestDatabase Database { get; }

    public TestCluster Cluster { get; }

    public Requests Requests { get; }

    public Uri Address { get; }

    public HttpClient Admin { get; }

    public HttpClient Viewer { get; }

    public HttpClient Anyone { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts one; <paramref name="database"/> stands in for the real connection string.</summary>
    public static async Task<DashboardServer> StartAsync(
        PostgresFixture postgres,
        string? database = null,
        DiskGuard? disk = null
    )
    {
        var test = await postgres.CreateAsync();
        var settings = new DashboardSettings
        {
            Listen = "http://127.0.0.1:0",
            Database = database ?? test.Read.ConnectionString,
            DatabasePassword = PostgresFixture.Passwords.Read,
            ClusterId = "tests",
            ClusterSecret = "tests",
            Token = AdminToken,
            Hosts = ["lab.example.org"],
            Disk = disk ?? DiskGuard.None,
        };
        var builder = DashboardHost.CreateBuilder(
            settings,
            [
                AccessToken.Of("admin", Role.Admin, AdminToken),
                AccessToken.Of("guest", Role.Viewer, ViewerToken),
            ]
        );
        var cluster = new TestCluster(test.Silo);
        builder.Services.AddSingleton<ICluster>(cluster);
        var app = builder.Build();
        var requests = new Requests();
        app.Use(
            (context, next) =>
            {
                requests.Add(context.Request.Path);
                return next(context);
            }
        );
        DashboardHost.Use(app);
        await app.StartAsync(Cancellation);
        return new DashboardServer(app, test, cluster, requests);
    }

    /// <summary>A client that follows no redirect and keeps no cookie: what comes back is what the server said.</summary>
    public HttpClient Client(string? token)
    {
        var client = new HttpClient(
            new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }
        )
        {
            BaseAddress = Address,
        };
        client.DefaultRequestHeaders.Authorization = token is null
            ? null
            : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Submits a sweep file.</summary>
    public Task<HttpResponseMessage> SubmitAsync(
        string spec = Spec,
        string query = "",
        string type = "application/yaml"
    ) =>
        Admin.PostAsync(
            $"/api/v1/sweeps{query}",
            new StringContent(spec, Encoding.UTF8, type),
            Cancellation
        );

    /// <summary>An answer's body as a record.</summary>
    public static async Task<T> BodyAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Cancellation), type)!;

    /// <summary>A GET as the admin, which must succeed.</summary>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await Admin.GetAsync(path, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await BodyAsync(answer, type);
    }

    /// <summary>The problem of an answer that must have that status.</summary>
    public static async Task<ProblemDocument> ProblemAsync(
        HttpResponseMessage answer,
        HttpStatusCode status
    )
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await BodyAsync(answer, DomainJson.Default.ProblemDocument);
        problem.Status.ShouldBe((int)status);
        problem.Detail.ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Viewer.Dispose();
        Anyone.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }
}
