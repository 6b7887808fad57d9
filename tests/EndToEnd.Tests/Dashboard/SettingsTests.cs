using Harness.Dashboard;
using Harness.Domain;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://10.1.2.3:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://+:8080")]
    public void It_does_not_listen_to_a_network_without_a_token(string listen)
    {
        var refused = Should.Throw<HarnessException>(() => With(listen, null).Checked());
        refused.ExitCode.ShouldBe(HarnessException.BadInput);
        With(listen == "http://+:8080" ? "http://0.0.0.0:8080" : listen, new string('t', 32))
            .Checked()
            .ShouldNotBeNull();
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:5080")]
    [InlineData("http://[::1]:5080")]
    public void It_listens_to_its_own_machine_without_one(string listen) =>
        With(listen, null).Checked().Listen.ShouldBe(listen);

    [Fact]
    public void A_token_that_can_be_guessed_is_none() =>
        Should.Throw<HarnessException>(() => With("http://0.0.0.0:8080", "secret").Checked());

    private static DashboardSettings With(string listen, string? token) =>
        new()
        {
            Listen = listen,
            Database = "",
            ClusterId = "c",
            ClusterSecret = "s",
            Token = token,
        };
}
