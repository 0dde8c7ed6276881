using System.Diagnostics;
using Portal.Core.Invoicing;
using Portal.Documents;

namespace Portal.Tests.Documents;

public sealed class TypstPoolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-documents-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_process_is_kept_and_used_again()
    {
        await using var pool = DocumentEngine.Pool();
        await RenderAsync(pool);
        var first = pool.IdleProcessIds;
        await RenderAsync(pool);

        first.Count.ShouldBe(1);
        pool.IdleProcessIds.ShouldBe(first);
    }

    [Fact]
    public async Task A_process_that_was_killed_while_idle_is_replaced_unseen()
    {
        await using var pool = DocumentEngine.Pool();
        await RenderAsync(pool);
        var killed = pool.IdleProcessIds.Single();
        using (var process = Process.GetProcessById(killed))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        (await RenderAsync(pool)).Length.ShouldBeGreaterThan(5000);
        pool.IdleProcessIds.ShouldNotContain(killed);
    }

    [Fact]
    public async Task A_layout_that_never_ends_is_ended_in_time_and_the_next_document_is_made()
    {
        var templates = TemplatesWith("#for a in range(100000) { for b in range(100000) { } }");
        await using var pool = DocumentEngine.Pool(new() { TimeoutSeconds = 1 }, templates);

        var failure = await Should.ThrowAsync<DocumentException>(() => RenderAsync(pool));

        failure.Failure.ShouldBe(DocumentFailure.LimitExceeded, failure.Message);
        File.Copy(Path.Combine(DocumentEngine.Templates, "invoice.typ"), Path.Combine(templates, "invoice.typ"), overwrite: true);
        (await RenderAsync(pool)).Length.ShouldBeGreaterThan(5000);
    }

    [Fact]
    public async Task A_process_that_outgrew_its_memory_is_replaced()
    {
        await using var pool = DocumentEngine.Pool(new() { MemoryMegabytes = 64 });
        (await RenderAsync(pool)).Length.ShouldBeGreaterThan(5000);

        pool.IdleProcessIds.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_layout_that_takes_too_much_memory_is_ended()
    {
        await using var pool = DocumentEngine.Pool(new() { MemoryMegabytes = 128 }, TemplatesWith("#for a in range(60000000) { for b in range(1000) { } }"));

        var failure = await Should.ThrowAsync<DocumentException>(() => RenderAsync(pool));

        failure.Failure.ShouldBe(DocumentFailure.LimitExceeded, failure.Message);
        failure.Message.ShouldContain("256 MB");
    }

    [Fact]
    public async Task A_layout_reaches_neither_the_network_nor_files_outside_its_folder()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "secret.txt"), "secret");
        foreach (var markup in new[] { "#import \"@preview/cetz:0.3.1\"", "#read(\"/../secret.txt\")", "#read(\"../secret.txt\")" })
        {
            await using var pool = DocumentEngine.Pool(templates: TemplatesWith(markup));
            (await Should.ThrowAsync<DocumentException>(() => RenderAsync(pool))).Failure.ShouldBe(DocumentFailure.Rejected);
        }
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_at_once_and_the_others_are_made()
    {
        await using var pool = DocumentEngine.Pool(new() { Workers = 2, QueueLimit = 4 });
        var all = Enumerable.Range(0, 10).Select(_ => RenderAsync(pool)).ToList();
        foreach (var one in all)
            await one.ContinueWith(_ => { }, TaskScheduler.Default);

        all.Count(one => one.IsCompletedSuccessfully).ShouldBeGreaterThanOrEqualTo(6);
        foreach (var refused in all.Where(one => one.IsFaulted))
        {
            var failure = refused.Exception!.InnerException.ShouldBeOfType<DocumentException>();
            failure.Failure.ShouldBe(DocumentFailure.Busy);
            failure.IsTransient.ShouldBeTrue();
        }
        pool.IdleProcessIds.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task One_who_gives_up_waiting_gets_out_and_others_are_served()
    {
        await using var pool = DocumentEngine.Pool();
        using var impatient = new CancellationTokenSource();
        var one = pool.RenderAsync("invoice", InvoiceSheet.Of(Samples.Long), default, impatient.Token);
        var other = RenderAsync(pool);
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => one);
        (await other).Length.ShouldBeGreaterThan(5000);
    }

    [Fact]
    public async Task Without_node_the_failure_names_what_to_install()
    {
        await using var pool = DocumentEngine.Pool(new() { Node = "no-such-node" });

        var failure = await Should.ThrowAsync<DocumentException>(() => RenderAsync(pool));

        failure.Failure.ShouldBe(DocumentFailure.EngineMissing);
        failure.Message.ShouldContain("Node.js 20");
        failure.Message.ShouldContain("Documents:Node");
    }

    [Fact]
    public async Task Without_the_packages_the_failure_names_them()
    {
        await using var pool = DocumentEngine.Pool(nodeModules: _folder.FullName);

        var failure = await Should.ThrowAsync<DocumentException>(() => RenderAsync(pool));

        failure.Failure.ShouldBe(DocumentFailure.EngineMissing);
        failure.Message.ShouldContain("npm ci");
    }

    [Fact]
    public async Task A_closed_pool_leaves_no_process_behind()
    {
        var pool = DocumentEngine.Pool();
        await RenderAsync(pool);
        using var process = Process.GetProcessById(pool.IdleProcessIds.Single());

        await pool.DisposeAsync();

        process.HasExited.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pool_that_is_closed_without_waiting_leaves_no_process_behind_either()
    {
        var pool = DocumentEngine.Pool();
        await RenderAsync(pool);
        using var process = Process.GetProcessById(pool.IdleProcessIds.Single());

        pool.Dispose();

        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
    }

    private static Task<byte[]> RenderAsync(TypstPool pool) => pool.RenderAsync("invoice", InvoiceSheet.Of(Samples.OneLine), default, default);

    /// <summary>Our worker with another layout.</summary>
    private string TemplatesWith(string markup)
    {
        var templates = _folder.CreateSubdirectory(Guid.CreateVersion7().ToString("n")).FullName;
        foreach (var file in Directory.GetFiles(DocumentEngine.Templates))
            File.Copy(file, Path.Combine(templates, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(templates, "invoice.typ"), markup);
        return templates;
    }
}
