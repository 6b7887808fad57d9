using Harness.Domain.Claims;
using Harness.Domain.Sweeps;
using Harness.Unit.Tests.Shape;

namespace Harness.Unit.Tests.Claims;

/// <summary>Every file under claims/ and what all of them together may register.</summary>
public sealed class ClaimShapeTests
{
    public static TheoryData<string> Measurable() => [.. ClaimFiles.Ids];

    public static TheoryData<string, ClaimProfileName> Profiles()
    {
        var data = new TheoryData<string, ClaimProfileName>();
        foreach (var id in ClaimFiles.Ids)
        {
            foreach (var profile in Enum.GetValues<ClaimProfileName>())
            {
                data.Add(id, profile);
            }
        }

        return data;
    }

    private static ClaimDefinition Claim(string id) => ClaimFile.Read(ClaimFiles.Text(id)!);

    [Fact]
    public void Every_file_of_the_folder_is_carried_by_the_programs() =>
        Repository
            .Files.Where(file => file.StartsWith("claims/", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .ShouldBe(ClaimFiles.Ids, ignoreOrder: true);

    [Fact]
    public void The_essay_makes_sixteen_claims() =>
        ClaimCatalog.All.Select(claim => claim.Id).Distinct().Count().ShouldBe(16);

    [Theory]
    [MemberData(nameof(Measurable))]
    public void A_claim_file_has_no_fault(string id) =>
        ClaimFile
            .Parse(ClaimFiles.Text(id)!)
            .Problems.Select(problem =>
                $"{problem.Line}:{problem.Column} {problem.Path} {problem.Message}"
            )
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Measurable))]
    public void A_claim_file_is_named_after_its_claim_and_quotes_the_essay(string id)
    {
        Claim(id).Id.ShouldBe(id);
        Claim(id).Statement.ShouldBe(ClaimCatalog.Find(id)!.Statement);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Its_sweeps_can_be_submitted_by_themselves(string id, ClaimProfileName name)
    {
        var claim = Claim(id);
        var profile = claim.Profiles.Single(profile => profile.Name == name);
        foreach (var look in Enumerable.Range(1, Looks.Count(name)))
        {
            foreach (var sweep in ClaimSweeps.Of(claim, profile, look))
            {
                var again = SweepFile.Parse(sweep.Source);
                again.Problems.ShouldBeEmpty();
                again.Spec!.Hash().ShouldBe(sweep.Spec.Hash());
                again.Spec.Seeds.ShouldBe(ClaimSweeps.Seeds(profile, look));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Measurable))]
    public void No_two_profiles_share_a_seed(string id)
    {
        var seeds = Claim(id)
            .Profiles.SelectMany(profile =>
                Enumerable
                    .Range(1, Looks.Count(profile.Name))
                    .SelectMany(look => ClaimSweeps.Seeds(profile, look))
            )
            .ToList();
        seeds.Distinct().Count().ShouldBe(seeds.Count);
    }

    [Fact]
    public void All_claims_together_register_no_more_sub_verdicts_than_the_family_has() =>
        ClaimFiles
            .Ids.Sum(id => Claim(id).Parts.Count)
            .ShouldBeLessThanOrEqualTo(
                Looks.SubVerdicts,
                "a 41st sub-verdict would need a smaller level for all others"
            );

    [Fact]
    public void The_smoke_profile_of_all_claims_together_is_small() =>
        ClaimFiles
            .Ids.Select(Claim)
            .Sum(claim =>
                ClaimSweeps
                    .Of(claim, claim.Profiles.Single(p => p.Name == ClaimProfileName.Smoke), 1)
                    .Sum(sweep => SweepExpansion.Trials(sweep.Spec).Count)
            )
            .ShouldBeLessThanOrEqualTo(24);

    [Theory]
    [MemberData(nameof(Measurable))]
    public void Every_part_can_be_decided_at_the_last_look(string id)
    {
        var claim = Claim(id);
        var look = ClaimJudge.FirstLook(claim, ClaimProfileName.Quick);
        ClaimJudge
            .Reach(claim, ClaimProfileName.Quick)
            .Where(line => line.Contains($": {Looks.SeedsAt(ClaimProfileName.Quick, look)} seeds"))
            .ShouldAllBe(line => line.EndsWith("can decide", StringComparison.Ordinal));
    }

    [Fact]
    public void Levels_are_those_of_the_measuring_rules()
    {
        Looks.Level(1).ShouldBe(0.02 / 80);
        Looks.Level(2).ShouldBe(0.03 / 80);
        Looks.SeedsAt(ClaimProfileName.Quick, 1).ShouldBe(8);
        Looks.SeedsAt(ClaimProfileName.Full, 2).ShouldBe(16);
    }
}
