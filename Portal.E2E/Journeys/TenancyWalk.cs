using System.Text.RegularExpressions;
using Portal.E2E.Support;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>Walks every page and download of the customers' portal: what belongs to somebody else is not found.</summary>
[Collection(RunningPortal.Name)]
public sealed partial class TenancyWalk(RunningPortal running)
{
    private static readonly string[] s_downloads =
        ["/o/{OrganisationId:guid}/invoices/{InvoiceId:guid}/pdf", "/o/{OrganisationId:guid}/invoices.csv", "/o/{OrganisationId:guid}/payments.csv", "/o/{OrganisationId:guid}/usage/events.csv",
            "/o/{OrganisationId:guid}/support.csv", "/o/{OrganisationId:guid}/support/files/{FileId:guid}"];

    [Fact]
    public async Task Another_organisation_s_pages_and_things_are_not_found()
    {
        using var admin = running.Admin();
        var organisations = (await admin.GetAsync("/api/v1/admin/organisations?limit=200"))["items"]!.AsArray();
        var own = running.Portal.Demo.OrganisationId.ToString();
        // One that the owner of the demo's first organisation has no part in.
        var foreign = organisations.First(row => row!["name"]!.GetValue<string>() == "Umbrella Logistics")!["id"]!.GetValue<string>();
        var foreignInvoice = (await admin.GetAsync($"/api/v1/admin/invoices?organisationId={foreign}"))["items"]!.AsArray().First(row => row!["number"] is not null)!["id"]!.GetValue<string>();
        var foreignProject = (await admin.GetAsync($"/api/v1/admin/organisations/{foreign}/projects"))["items"]![0]!["id"]!.GetValue<string>();
        await using var browser = await Browser.StartAsync();
        await using var owner = await browser.VisitAsync(running.Portal.Address);
        var user = running.Portal.Demo.User("owner");
        await owner.SignInAsync(user.Email, user.Password);

        var templates = CustomerPages().Concat(s_downloads).ToList();
        templates.Count.ShouldBeGreaterThan(10);
        foreach (var template in templates)
        {
            var elsewhere = Fill(template, foreign, foreignInvoice, foreignProject);
            (await StatusAsync(owner, elsewhere)).ShouldBe(404, elsewhere);
            if (Parameter().Count(template) < 2)
                continue;
            var smuggled = Fill(template, own, foreignInvoice, foreignProject);
            (await StatusAsync(owner, smuggled)).ShouldBe(404, smuggled);
        }

        // The very same pages are there for their own.
        foreach (var template in CustomerPages().Where(template => Parameter().Count(template) == 1))
            (await StatusAsync(owner, Fill(template, own, "", ""))).ShouldBe(200, template);
        // And the staff's are not a customer's at all.
        (await StatusAsync(owner, "/admin")).ShouldBeOneOf(403, 404);
        (await StatusAsync(owner, $"/admin/organisations/{own}")).ShouldBeOneOf(403, 404);
    }

    private static async Task<int> StatusAsync(Visitor visitor, string path) =>
        (await visitor.Page.APIRequest.GetAsync(path, new() { Headers = [new("Accept", "text/html")], MaxRedirects = 0 })).Status;

    private static List<string> CustomerPages() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "Portal", "Components"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Select(line => Page().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .Distinct(),
    ];

    private static string Fill(string template, string organisation, string invoice, string project) => Parameter().Replace(template, match => match.Groups[1].Value switch
    {
        "OrganisationId" => organisation,
        "ProjectId" => project,
        _ => invoice,
    });

    [GeneratedRegex("^@page \"(/o/[^\"]+)\"")]
    private static partial Regex Page();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
