using Bunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Components.Admin.Doctor;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Doctor;
using Portal.Emails;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.Payments;
using Portal.Tests.Support;

namespace Portal.Tests.Doctor;

[Covers(typeof(DoctorPage))]
public sealed class DoctorTests : IAsyncLifetime
{
    private readonly FakeExamination _first = new("First");
    private readonly FakeExamination _second = new("Second");
    private readonly PageWorld _world = new();

    public async Task InitializeAsync()
    {
        _world.Pages.Services.AddSingleton<IExamination>(_first).AddSingleton<IExamination>(_second).AddSingleton<ExamineInstallation>();
        await _world.InitializeAsync();
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Everything_works_and_after_one_more_look_something_does_not()
    {
        var page = _world.Open<DoctorPage>("/admin/system/doctor");
        page.WaitForAssertion(() => page.Find(".note h2").TextContent.ShouldBe("All checks passed"));
        page.Find("nav.tabs [aria-current=page]").TextContent.ShouldBe("Diagnostics");

        _second.Answer = new Finding("Second", FindingState.Bad, "It is off.", "Turn it on.");
        (await _world.TwiceAsync(() => page.Buttons("Refresh").Single())).ShouldBe(1);

        page.WaitForAssertion(() => page.Find(".note h2").TextContent.ShouldBe("1 check failed"));
        page.Rows("Installation checks").ShouldBe([["First", "Fine.", "None", "OK"], ["Second", "It is off.", "Turn it on.", "Failed"]]);
    }

    [Fact]
    public async Task What_fails_is_a_finding_and_the_others_are_looked_at()
    {
        _first.Fault = new InvalidOperationException("no\nroute");

        var findings = (await _world.Get<ExamineInstallation>().RunAsync(_world.Billing.Staff, default)).Value;

        findings.Select(finding => (finding.Name, finding.State)).ShouldBe([("First", FindingState.Bad), ("Second", FindingState.Good)]);
        findings[0].Found.ShouldBe("no route");
        (await _world.Get<ExamineInstallation>().RunAsync(_world.Billing.Staff with { Permissions = new HashSet<string>() }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public void Who_may_not_read_the_system_is_told_so()
    {
        _world.Calls.Permissions = Permissions.All.Where(permission => permission != Permissions.SystemRead).ToHashSet();
        var page = _world.Open<DoctorPage>("/admin/system/doctor");
        page.WaitForAssertion(() => page.Markup.ShouldContain("You don't have access to this"));
        page.Markup.ShouldNotContain("Fine.");
    }

    [Fact]
    public async Task The_command_line_prints_all_and_ends_with_1_when_something_is_bad()
    {
        using var output = new StringWriter();
        (await DoctorReport.RunAsync(_world.Get<ExamineInstallation>(), output, default)).ShouldBe(0);
        _second.Answer = new Finding("Second", FindingState.Warning, "Old.", "Renew it.");
        (await DoctorReport.RunAsync(_world.Get<ExamineInstallation>(), output, default)).ShouldBe(0);
        _second.Answer = new Finding("Second", FindingState.Bad, "Off.", "Turn it on.");

        (await DoctorReport.RunAsync(_world.Get<ExamineInstallation>(), output, default)).ShouldBe(1);

        output.ToString().ShouldContain("Turn it on.");
        output.ToString().ShouldContain("ok       First");
    }

    [Fact]
    public async Task A_migrated_database_is_good_and_one_behind_is_not()
    {
        var contexts = _world.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<Portal.Data.BillingDbContext>>();
        (await new DatabaseExamination(_world.Get<NpgsqlDataSource>()).LookAsync(default)).State.ShouldBe(FindingState.Good);
        (await new MigrationsExamination(contexts).LookAsync(default)).State.ShouldBe(FindingState.Good);
        await _world.Billing.SqlAsync("DELETE FROM schema_migrations WHERE \"MigrationId\" = (SELECT max(\"MigrationId\") FROM schema_migrations)");
        (await new MigrationsExamination(contexts).LookAsync(default)).ShouldSatisfyAllConditions(behind => behind.State.ShouldBe(FindingState.Bad), behind => behind.Advice.ShouldNotBeNull());
        (await new JobsExamination(_world.Get<NpgsqlDataSource>(), TimeProvider.System).LookAsync(default)).Found.ShouldBe("The scheduler has never run.");
    }

    [Theory]
    [InlineData(0.4, FindingState.Good)]
    [InlineData(-3, FindingState.Warning)]
    [InlineData(45, FindingState.Bad)]
    public void Clocks_that_disagree_are_said(double seconds, FindingState state)
    {
        var now = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        new ClockExamination(_world.Get<NpgsqlDataSource>(), TimeProvider.System).Compare(now, now.AddSeconds(seconds)).State.ShouldBe(state);
    }

    [Theory]
    [InlineData(0, 10, 0, 1, FindingState.Good)]
    [InlineData(1, 10, 0, 1, FindingState.Bad)]
    [InlineData(0, 300, 0, 1, FindingState.Bad)]
    [InlineData(0, 10, 2, 1, FindingState.Warning)]
    [InlineData(0, 10, 0, 30, FindingState.Warning)]
    public void Jobs_are_judged_by_what_they_leave(long failing, int silentSeconds, long dead, int waitingMinutes, FindingState state)
    {
        var now = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        new JobsExamination(_world.Get<NpgsqlDataSource>(), TimeProvider.System).Judge(6, failing, now.AddSeconds(-silentSeconds), dead, now.AddMinutes(-waitingMinutes), now).State.ShouldBe(state);
    }

    [Fact]
    public async Task A_mail_server_greets_or_is_away()
    {
        await using var server = SmtpServer.Start();
        (await Mail("127.0.0.1", server.Port).LookAsync(default)).State.ShouldBe(FindingState.Good);
        (await Mail("127.0.0.1", Portal.Hosting.LoopbackPort.FindFree()).LookAsync(default)).ShouldSatisfyAllConditions(away => away.State.ShouldBe(FindingState.Bad), away => away.Advice.ShouldNotBeNull());
        (await Mail(null, 587).LookAsync(default)).State.ShouldBe(FindingState.Bad, "in production mails must go somewhere");
    }

    [Fact]
    public async Task A_document_that_can_t_be_made_is_said_with_what_to_do()
    {
        var documents = new FakeDocuments();
        (await new PdfExamination(documents, TimeProvider.System).LookAsync(default)).State.ShouldBe(FindingState.Good);
        documents.IsBroken = true;
        (await new PdfExamination(documents, TimeProvider.System).LookAsync(default)).ShouldSatisfyAllConditions(broken => broken.State.ShouldBe(FindingState.Bad), broken => broken.Advice!.ShouldContain("npm ci"));
    }

    [Fact]
    public async Task Backups_are_looked_at_where_a_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        (await Backups(null).LookAsync(default)).State.ShouldBe(FindingState.Skipped);
        (await Backups(Path.Combine(folder.FullPath, "none")).LookAsync(default)).State.ShouldBe(FindingState.Bad);
        (await Backups(folder.FullPath).LookAsync(default)).State.ShouldBe(FindingState.Bad);
        var file = Path.Combine(folder.FullPath, "billing.dump");
        await File.WriteAllTextAsync(file, "x");
        (await Backups(folder.FullPath).LookAsync(default)).State.ShouldBe(FindingState.Good);
        File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-3));
        (await Backups(folder.FullPath).LookAsync(default)).State.ShouldBe(FindingState.Bad);
    }

    [Theory]
    [InlineData(100, FindingState.Good)]
    [InlineData(3, FindingState.Warning)]
    [InlineData(0, FindingState.Bad)]
    public void Room_is_judged_by_what_is_free(long gibibytes, FindingState state) =>
        new DiskExamination(new ConfigurationBuilder().Build(), Options.Create(new DoctorOptions())).Judge(gibibytes << 30, 200L << 30, "/data", 4096).State.ShouldBe(state);

    private static MailExamination Mail(string? host, int port) =>
        new(Options.Create(new SmtpOptions { Host = host, Port = port }), new HostingEnvironment { EnvironmentName = Environments.Production });

    private static BackupExamination Backups(string? folder) => new(Options.Create(new DoctorOptions { BackupFolder = folder }), TimeProvider.System);

    private sealed class FakeExamination(string name) : IExamination
    {
        public string Name => name;

        public Finding Answer { get; set; } = new(name, FindingState.Good, "Fine.");

        public Exception? Fault { get; set; }

        public Task<Finding> LookAsync(CancellationToken cancellationToken) => Fault is null ? Task.FromResult(Answer) : Task.FromException<Finding>(Fault);
    }
}
