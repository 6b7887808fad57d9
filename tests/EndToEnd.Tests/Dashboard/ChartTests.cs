using System.Globalization;
using System.Text.RegularExpressions;
using Bunit;
using Harness.Dashboard.Charts;
using Harness.Dashboard.Sweeps;
using Harness.Domain.Metrics;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed partial class ChartTests : IDisposable
{
    private readonly BunitContext _page = new();

    public void Dispose() => _page.Dispose();

    [Fact]
    public void A_line_goes_through_the_places_of_its_points()
    {
        var chart = Chart();
        var layout = LineLayout.Of(chart, 258, 220);

        // Lags 8, 32 and 128 are two equal steps of a logarithmic axis; 1, 0.5 and 0 are two of a linear one.
        layout.X(32).ShouldBe((layout.X(8) + layout.X(128)) / 2, 1e-9);
        layout.Y(0.5).ShouldBe((layout.Y(0) + layout.Y(1)) / 2, 1e-9);
        layout.Path(chart.Series[0].Median).ShouldBe("M27.2 8L112 103L196.8 198");
    }

    [Fact]
    public void A_value_that_is_no_number_breaks_the_line()
    {
        var layout = LineLayout.Of(Chart(), 258, 220);
        layout
            .Path([new(8, 1), new(32, double.NaN), new(128, 0)])
            .Count(letter => letter == 'M')
            .ShouldBe(2);
    }

    [Fact]
    public void Labels_stand_at_least_thirteen_apart_in_the_order_of_their_lines()
    {
        var places = LabelSpread.Of([100, 101, 99, 20, 102], 13, 8, 198);

        var sorted = places.Order().ToList();
        sorted.Zip(sorted.Skip(1), (one, next) => next - one).ShouldAllBe(gap => gap >= 13 - 1e-9);
        places[2].ShouldBeLessThan(places[0]);
        places[0].ShouldBeLessThan(places[1]);
        places[3].ShouldBe(20);
        sorted.ShouldAllBe(place => place >= 8 && place <= 198);
    }

    [Fact]
    public void Labels_at_an_edge_stay_inside()
    {
        var places = LabelSpread.Of([198, 198, 198], 13, 8, 198);
        places.Max().ShouldBe(198, 1e-9);
        places.Min().ShouldBe(172, 1e-9);
    }

    [Theory]
    [InlineData(20e6, 50e6, LogSteps.Binary)]
    [InlineData(1e6, 1e10, LogSteps.Binary)]
    [InlineData(13_000, 42_000, LogSteps.Decimal)]
    [InlineData(0.001, 3, LogSteps.Decimal)]
    [InlineData(1e-9, 1e3, LogSteps.Decimal)]
    [InlineData(100, 100, LogSteps.Decimal)]
    public void A_logarithmic_axis_hugs_its_data_and_names_two_to_five_values(
        double min,
        double max,
        LogSteps steps
    )
    {
        var axis = Axis.Log(
            [min, max],
            steps,
            value => value.ToString(CultureInfo.InvariantCulture)
        );

        axis.Ticks.Count.ShouldBeInRange(2, 5);
        axis.Ticks.ShouldAllBe(tick => tick >= axis.Min && tick <= axis.Max);
        axis.Min.ShouldBeInRange(min / 4, min);
        axis.Max.ShouldBeInRange(max, max * 4);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(33_100, 33_900)]
    [InlineData(0, 0)]
    [InlineData(-5, 7)]
    public void A_linear_axis_names_two_values_at_least(double min, double max)
    {
        var axis = Axis.Linear([min, max], value => Format.Number(value));
        axis.Ticks.Count.ShouldBeInRange(2, 8);
        axis.Place(min).ShouldBeInRange(0, 1);
    }

    [Fact]
    public void A_chart_says_its_finding_and_has_its_numbers_as_a_table()
    {
        var figure = _page.Render<LineFigure>(parameters => parameters.Add(p => p.Chart, Chart()));

        var drawings = figure.FindAll("svg");
        drawings.Count.ShouldBe(2, "one for wide screens and a twin for phones");
        drawings[0].GetAttribute("role").ShouldBe("img");
        figure.Find("svg > title").TextContent.ShouldBe("Accuracy falls with the lag");
        figure
            .FindAll("details td")
            .Select(cell => cell.TextContent)
            .ShouldBe(["1.000", "0.500", "0.000"]);
        figure.FindAll("svg.wide path.chance").Count.ShouldBe(1);
        figure.FindAll("svg.wide rect.trained").Count.ShouldBe(1);
        figure
            .FindAll("svg.wide text.name")
            .Select(label => label.TextContent)
            .ShouldBe(["gru", "chance"]);
    }

    [Fact]
    public void No_mark_or_label_of_a_sweep_leaves_its_drawing()
    {
        var sweep = SampleSweep.Of(60, 4, 8, 16, 32);
        foreach (var chart in SweepChart.All(sweep, SampleSweep.Losses(sweep)))
        {
            var figure = _page.Render<SweepChartFigure>(parameters =>
                parameters.Add(p => p.Chart, chart)
            );
            foreach (var drawing in figure.FindAll("svg"))
            {
                var box = Numbers(drawing.GetAttribute("viewBox")!);
                foreach (var text in drawing.QuerySelectorAll("text"))
                {
                    var x = double.Parse(text.GetAttribute("x")!, CultureInfo.InvariantCulture);
                    var width = text.TextContent.Length * 5.5;
                    var left =
                        text.ClassList.Contains("e") ? x - width
                        : text.ClassList.Contains("m") ? x - width / 2
                        : x;
                    left.ShouldBeGreaterThanOrEqualTo(-1, text.TextContent);
                    (left + width).ShouldBeLessThanOrEqualTo(box[2] + 12, text.TextContent);
                }

                foreach (var dot in drawing.QuerySelectorAll("circle"))
                {
                    double.Parse(dot.GetAttribute("cx")!, CultureInfo.InvariantCulture)
                        .ShouldBeInRange(0, box[2]);
                }
            }
        }
    }

    [Fact]
    public void Fixed_settings_give_dots_and_a_varied_lag_gives_lines()
    {
        var plain = SampleSweep.Of();
        var lags = SampleSweep.Of(60, 4, 8, 16, 32);

        Captions(plain)
            .ShouldBe([
                "dots Accuracy, copy-memory",
                "lines Accuracy, parity",
                "dots Tokens per CPU-second",
                "dots Peak memory",
                "dots Bytes held for backward",
                "lines Training loss, copy-memory",
                "lines Training loss, parity",
            ]);
        Captions(lags).ShouldContain("lines Tokens per CPU-second");
        var accuracy = SweepChart.All(plain, SampleSweep.Losses(plain))[1].Lines!;
        accuracy.TrainedTo.ShouldBe(20);
        accuracy.Finding.ShouldBe(
            "Accuracy on parity by length: at 100 rnn 0.950, lstm 0.950, gru 0.950, transformer 0.500"
        );
    }

    [Fact]
    public void The_grid_has_a_tick_a_trial_and_says_each_cell_in_words()
    {
        var grid = ProgressGrid.Of(SampleSweep.Of(15).Trials);
        var table = _page.Render<ProgressTable>(parameters => parameters.Add(p => p.Grid, grid));

        table.FindAll("svg").Count.ShouldBe(8);
        table
            .FindAll("path.tick")
            .Sum(path => path.GetAttribute("d")!.Count(letter => letter == 'M'))
            .ShouldBe(24);
        table
            .FindAll("svg")
            .Select(cell => cell.GetAttribute("aria-label"))
            .ShouldContain("gru, parity: 1 quarantined, 1 succeeded, 1 pending");
        table
            .Find("path.t-bad")
            .GetAttribute("d")!
            .ShouldEndWith(
                "0V18",
                customMessage: "a failed tick is taller, so it shows in grey print"
            );
    }

    private static IEnumerable<string> Captions(Harness.Domain.Api.SweepDetail sweep) =>
        SweepChart
            .All(sweep, SampleSweep.Losses(sweep))
            .Select(chart =>
                chart.Lines is { } lines ? $"lines {lines.Caption}" : $"dots {chart.Dots!.Caption}"
            );

    private static LineChart Chart() =>
        new()
        {
            Caption = "Accuracy",
            Note = "by lag",
            Finding = "Accuracy falls with the lag",
            X = Axis.Measured([8, 32, 128], Places.Name),
            Y = Axis.Share(),
            Series = [new("gru", "h-gru", [], [new(8, 1), new(32, 0.5), new(128, 0)])],
            References = [new("chance", 0.125)],
            TrainedTo = 32,
            Columns = [8, 32, 128],
            Axis = "lag",
            Cell = value => Format.Share(value),
        };

    private static List<double> Numbers(string text) =>
        [
            .. Number()
                .Matches(text)
                .Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)),
        ];

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
