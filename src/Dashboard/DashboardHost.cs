using Harness.Dashboard.Access;
using Harness.Dashboard.Archives;
using Harness.Dashboard.Assets;
using Harness.Dashboard.Claims;
using Harness.Dashboard.Export;
using Harness.Dashboard.Health;
using Harness.Dashboard.Overview;
using Harness.Dashboard.Problems;
using Harness.Dashboard.Reports;
using Harness.Dashboard.Retention;
using Harness.Dashboard.Sweeps;
using Harness.Dashboard.Trials;
using Harness.Dashboard.Workers;
using Harness.Storage;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Authentication;

namespace Harness.Dashboard;

/// <summary>Puts the dashboard together: services, the order of its checks, its addresses.</summary>
public static class DashboardHost
{
    /// <summary>A builder with all that pages and API need, but the way to the cluster and logs.</summary>
    public static WebApplicationBuilder CreateBuilder(
        DashboardSettings settings,
        IReadOnlyList<AccessToken> tokens
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(settings.Listen);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRouting();
        AddServices(builder.Services, settings, tokens);
        AddAccess(builder.Services);
        return builder;
    }

    /// <summary>The way of a request, from outside in.</summary>
    public static void Use(WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(StatusPages.WriteAsync);
        app.UseMiddleware<HostAllowList>();
        app.UseMiddleware<SameOrigin>();
        app.UseMiddleware<LoginLink>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        Map(app);
    }

    private static void AddServices(
        IServiceCollection services,
        DashboardSettings settings,
        IReadOnlyList<AccessToken> tokens
    )
    {
        services.AddSingleton(settings);
        services.AddSingleton(new AccessTokens(tokens));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => Database.Open(settings.Database, settings.DatabasePassword));
        services.AddSingleton(settings.Disk);
        services.AddSingleton<SweepReader>();
        services.AddSingleton<TrialReader>();
        services.AddSingleton<WorkerReader>();
        services.AddSingleton<ClaimReader>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ViewReader>();
        services.AddSingleton<ClaimList>();
        services.AddSingleton<ChangeSweep>();
        services.AddSingleton<SubmitSweep>();
        services.AddSingleton<SweepFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<SweepFeed>());
        services.AddExceptionHandler<FailureHandler>();
        services.AddRazorComponents();
    }

    private static void AddAccess(IServiceCollection services)
    {
        services
            .AddAuthentication(TokenAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(
                TokenAuthentication.Name,
                configureOptions: null
            );
        services
            .AddAuthorizationBuilder()
            .AddPolicy(Policies.Read, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Policies.Submit, policy => policy.RequireRole("submitter", "admin"))
            .AddPolicy(Policies.Admin, policy => policy.RequireRole("admin"))
            // An address that somebody forgot to give a policy is closed, not open.
            .SetFallbackPolicy(
                new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder()
                    .RequireAuthenticatedUser()
                    .Build()
            );
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        EmbeddedAssets.Map(routes);
        HealthApi.Map(routes);
        OverviewPages.Map(routes);
        SweepPages.Map(routes);
        SweepApi.Map(routes);
        ReportApi.Map(routes);
        TrialPages.Map(routes);
        TrialApi.Map(routes);
        WorkerApi.Map(routes);
        ClaimPages.Map(routes);
        ClaimApi.Map(routes);
        ExportApi.Map(routes);
        RetentionApi.Map(routes);
        ArchiveApi.Map(routes);
    }
}
