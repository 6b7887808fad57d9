using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Harness.EndToEnd.Tests.Storage;
using Harness.Silo.Checkpoints;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>The silo's side: what it keeps, under which name, and what it refuses.</summary>
public sealed class CheckpointEndpointTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] Learnt = Encoding.UTF8.GetBytes("what it has learnt");

    private readonly string _folder = Directory.CreateTempSubdirectory("harness-blobs-").FullName;
    private readonly HttpClient _http = new();
    private TestDatabase _db = null!;
    private SiloProcess _silo = null!;
    private Control _control = null!;
    private long _trial;
    private long _token;

    public async ValueTask InitializeAsync()
    {
        _db = await postgres.CreateAsync();
        _control = new Control(_db);
        await _control.StartAsync("w1");
        var (_, trials) = await _control.SubmitAsync(
            SomeTrials.Sweep("kept", [SomeTrials.Trial(1)])
        );
        _trial = trials[0];
        _token = (await _control.LeaseAsync(_trial, "w1"))!.Value;
        // A lease that nobody renews, with a silo beside it: long enough for any of these tests.
        _silo = await SiloProcess.StartAsync(
            _db,
            _folder,
            ("HARNESS_LEASE_SECONDS", "600"),
            ("HARNESS_CHECKPOINT_QUOTA", "1KiB")
        );
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            "of-a-test"
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _silo.DisposeAsync();
        await _db.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_stored_comes_back_and_what_is_wrong_is_refused()
    {
        (await PutAsync(Learnt, step: 3)).ShouldBe(HttpStatusCode.NoContent);
        (await PutAsync(Learnt, step: 3)).ShouldBe(HttpStatusCode.NoContent, "told again");
        (
            await _http.GetByteArrayAsync(Url(Hash(Learnt)), TestContext.Current.CancellationToken)
        ).ShouldBe(Learnt);
        File.ReadAllBytes(Path.Combine(_folder, Hash(Learnt))).ShouldBe(Learnt);

        (await PutAsync(Learnt, step: 4, hash: new string('a', 64))).ShouldBe(
            HttpStatusCode.BadRequest,
            "other bytes than the name says"
        );
        (await PutAsync(Learnt, step: 0)).ShouldBe(HttpStatusCode.BadRequest, "no step");
        (await PutAsync(Learnt, step: 4, hash: "..%2f..%2fsecrets")).ShouldBe(
            HttpStatusCode.BadRequest,
            "a path"
        );
        (await PutAsync(new byte[2_000], step: 4)).ShouldBe(
            HttpStatusCode.InsufficientStorage,
            "beyond the quota"
        );
        (await PutAsync(Learnt, step: 4, token: _token + 1)).ShouldBe(
            HttpStatusCode.Gone,
            "of another attempt"
        );
        (await GetAsync(new string('b', 64))).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("..%2f..%2fetc%2fpasswd")).ShouldBe(HttpStatusCode.BadRequest);
        _http.DefaultRequestHeaders.Authorization = null;
        (await GetAsync(Hash(Learnt))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PutAsync(Learnt, step: 5)).ShouldBe(HttpStatusCode.Unauthorized);

        (await _db.ListAsync<int>("select step from checkpoint")).ShouldBe([3]);
        Directory.GetFiles(_folder).ShouldHaveSingleItem("nothing is left of what was refused");
    }

    [Fact]
    public void Only_what_is_old_and_has_no_name_is_collected()
    {
        var blobs = new BlobFolder(_folder, TimeProvider.System);
        foreach (var name in new[] { "named", "young", "old", "old.new" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "");
            if (name != "young")
            {
                File.SetLastWriteTimeUtc(
                    Path.Combine(_folder, name),
                    TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1)
                );
            }
        }

        blobs.Collect(new HashSet<string> { "named" }, TimeSpan.FromMinutes(10)).ShouldBe(2);
        Directory.GetFiles(_folder).Select(Path.GetFileName).Order().ShouldBe(["named", "young"]);
    }

    private async Task<HttpStatusCode> PutAsync(
        byte[] bytes,
        int step,
        string? hash = null,
        long? token = null
    )
    {
        using var content = new ByteArrayContent(bytes);
        using var answer = await _http.PutAsync(
            Url($"{hash ?? Hash(bytes)}?trial={_trial}&token={token ?? _token}&step={step}"),
            content,
            TestContext.Current.CancellationToken
        );
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> GetAsync(string name)
    {
        using var answer = await _http.GetAsync(Url(name), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private Uri Url(string rest) => new($"{_silo.Url}/worker/v1/checkpoints/{rest}");

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
