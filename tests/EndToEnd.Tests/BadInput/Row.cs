using Harness.EndToEnd.Tests.Dashboard;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Sends one bad input and asserts the answer.</summary>
internal delegate Task Ask(Bed bed);

/// <summary>A row of the table of bad inputs.</summary>
/// <param name="Number">Its number in the table; other numbers are rows of other features.</param>
/// <param name="Input">What is wrong.</param>
/// <param name="Asks">Each way to get it wrong.</param>
internal sealed record Row(int Number, string Input, params IReadOnlyList<Ask> Asks);

/// <summary>What the rows are tried on.</summary>
/// <param name="Server">A dashboard in whose database nothing may be written.</param>
/// <param name="Postgres">For rows that need a database of their own.</param>
internal sealed record Bed(DashboardServer Server, PostgresFixture Postgres);
