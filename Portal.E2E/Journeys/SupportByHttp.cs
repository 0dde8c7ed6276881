using System.Net;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>Tickets by the admin API, as a help desk of the operator's own would use it.</summary>
[Collection(RunningPortal.Name)]
public sealed class SupportByHttp(RunningPortal running)
{
    private const string Tickets = "/api/v1/admin/support/tickets";

    [Fact]
    public async Task A_program_opens_answers_notes_sorts_and_closes_a_ticket()
    {
        using var admin = running.Admin();
        var log = "10:02 refused"u8.ToArray();
        var opened = await admin.PostAsync(Tickets, new { organisationId = running.Portal.Demo.OrganisationId, subject = "By a program", body = "First words", category = "technical", projectId = running.Portal.Demo.ProjectId, files = new[] { new { fileName = "run.exe", content = log } } }, HttpStatusCode.Created);
        var id = opened["id"]!.GetValue<string>();
        opened["reference"]!.GetValue<string>().ShouldStartWith("SUP-");
        opened["status"]!.GetValue<string>().ShouldBe("open");
        // By its bytes it is text, whatever it was called.
        var file = opened["messages"]![0]!["files"]![0]!;
        file["fileName"]!.GetValue<string>().ShouldBe("run.txt");
        using (var answer = await admin.Http.GetAsync(new Uri($"/api/v1/admin/support/files/{file["id"]!.GetValue<string>()}", UriKind.Relative)))
        {
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(log);
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }

        await admin.PostAsync($"{Tickets}/{id}/messages", new { body = "Between us", isInternal = true }, HttpStatusCode.Created);
        var answered = await admin.PostAsync($"{Tickets}/{id}/messages", new { body = "Here it is", status = "waiting_on_customer" }, HttpStatusCode.Created);
        answered["status"]!.GetValue<string>().ShouldBe("waiting_on_customer");
        answered["messages"]!.AsArray().Select(message => message!["isInternal"]!.GetValue<bool>()).ShouldBe([false, true, false]);
        (await admin.GetAsync($"{Tickets}?status=waiting_on_customer"))["items"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()).ShouldContain(id);

        (await admin.StatusAsync(HttpMethod.Patch, $"{Tickets}/{id}", new { priority = "urgent", status = "closed" })).ShouldBe(HttpStatusCode.OK);
        (await admin.StatusAsync(HttpMethod.Patch, $"{Tickets}/{id}", new { status = "open" })).ShouldBe(HttpStatusCode.Conflict);
        (await admin.StatusAsync(HttpMethod.Post, $"{Tickets}/{id}/messages", new { body = "Late" })).ShouldBe(HttpStatusCode.Conflict);
        (await admin.StatusAsync(HttpMethod.Patch, $"{Tickets}/{id}", new { priority = "whenever" })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.StatusAsync(HttpMethod.Get, $"{Tickets}/{Guid.CreateVersion7()}")).ShouldBe(HttpStatusCode.NotFound);
        (await admin.StatusAsync(HttpMethod.Post, Tickets, new { organisationId = running.Portal.Demo.OrganisationId, subject = "x", body = "x", files = new[] { new { fileName = "a.png", content = new byte[] { 0x4D, 0x5A, 0, 1 } } } })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var stranger = new Api(running.Portal.Address, running.Portal.Demo.IngestApiKey);
        (await stranger.StatusAsync(HttpMethod.Get, Tickets)).ShouldBe(HttpStatusCode.Unauthorized);
    }
}
