using System.Net;
using Harness.Dashboard.Access;
using Harness.EndToEnd.Tests.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class AccessTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly string[] Open =
    [
        "/assets/looks.css",
        "/assets/live.js",
        "/health/live",
        "/health/ready",
    ];

    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await DashboardServer.StartAsync(postgres);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Every_address_has_a_policy_and_only_these_are_open()
    {
        var endpoints = _server
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .ToList();
        endpoints.Count.ShouldBeGreaterThan(20);

        endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText)
            .ShouldBe(Open, ignoreOrder: true);
        endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is null)
            .ShouldBeEmpty();
        // What changes something needs more than reading.
        endpoints
            .Where(endpoint =>
                endpoint
                    .Metadata.GetMetadata<HttpMethodMetadata>()!
                    .HttpMethods.Any(method => method is not ("GET" or "HEAD"))
            )
            .ShouldAllBe(endpoint =>
                endpoint
                    .Metadata.GetOrderedMetadata<IAuthorizeData>()
                    .Any(data => data.Policy == Policies.Submit || data.Policy == Policies.Admin)
            );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Without_a_known_token_the_API_says_401(string? token)
    {
        using var client = _server.Client(token);
        using var answer = await client.GetAsync("/api/v1/sweeps", Cancellation);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_viewer_reads_and_may_change_nothing()
    {
        using var list = await _server.Viewer.GetAsync("/api/v1/sweeps", Cancellation);
        list.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var submit = await _server.Viewer.PostAsync(
            "/api/v1/sweeps",
            new StringContent(DashboardServer.Spec, null, "application/yaml"),
            Cancellation
        );
        (
            await DashboardServer.ProblemAsync(submit, HttpStatusCode.Forbidden)
        ).Detail!.ShouldContain("viewer");
    }

    [Fact]
    public async Task A_page_without_a_cookie_says_how_to_sign_in()
    {
        using var answer = await _server.Anyone.GetAsync("/", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("harness up");
    }

    [Fact]
    public async Task The_login_link_sets_a_strict_cookie_and_loses_the_token()
    {
        using var answer = await _server.Anyone.GetAsync(
            $"/sweeps/last?token={DashboardServer.AdminToken}&model=gru",
            Cancellation
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/sweeps/last?model=gru");
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(DashboardServer.AdminToken);

        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var shown = await _server.Anyone.SendAsync(page, Cancellation);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_login_link_leads_to_no_other_host()
    {
        using var answer = await _server.Anyone.GetAsync(
            new Uri(
                _server.Address,
                $"//evil.example/?token={DashboardServer.AdminToken}"
            ).AbsoluteUri.Replace("//evil", "/%2Fevil"),
            Cancellation
        );
        answer.Headers.Location?.ToString().ShouldNotStartWith("//");
    }

    [Fact]
    public async Task A_cookie_is_no_bearer_token_and_a_token_no_cookie()
    {
        var token = AccessToken.Of("admin", Role.Admin, DashboardServer.AdminToken);
        using var client = _server.Client(token.Session());
        using var answer = await client.GetAsync("/api/v1/sweeps", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.NotFound)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task A_change_by_cookie_comes_from_our_own_pages_only(
        string header,
        string value,
        HttpStatusCode expected
    )
    {
        var tokens = _server.Services.GetRequiredService<AccessTokens>();
        var admin = AccessToken.Of("admin", Role.Admin, DashboardServer.AdminToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sweeps/S-77/cancel");
        request.Headers.Add("Cookie", $"{tokens.CookieName}={admin.Session()}");
        request.Headers.Add(header, value);
        using var answer = await _server.Anyone.SendAsync(request, Cancellation);
        await DashboardServer.ProblemAsync(answer, expected);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("lab.example.org", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("dashboard:8080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task A_name_that_is_not_ours_is_refused(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        using var answer = await _server.Anyone.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_load_nothing_from_elsewhere()
    {
        using var answer = await _server.Admin.GetAsync("/", Cancellation);
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
    }
}
