using System.Diagnostics;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Data.Invoicing;

/// <summary>What the page of an invoice reads: the invoice once, and its document out of that.</summary>
public sealed class InvoicePageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Books _books = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _books = await Books.KeepAsync(_world);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_document_is_the_same_as_by_its_number_and_both_ask_seldom(bool isDraft)
    {
        var id = isDraft ? _books.Draft.Id : _books.Issued.Id;
        var alone = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Billing.Staff, id, default)).Value;
        var asked = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Interlocked.Add(ref asked, activity.RootId == Activity.Current?.RootId && activity.GetTagItem("db.query.text") is string ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
        using var mine = new Activity("invoice").Start();

        var details = (await _world.Get<GetInvoice>().RunAsync(_world.Billing.Staff, id, default)).Value;
        var document = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Billing.Staff, details, default)).Value;

        asked.ShouldBeInRange(1, 9);
        document.ShouldBeEquivalentTo(alone);
    }

    [Fact]
    public async Task Nobody_gets_a_document_out_of_an_invoice_that_is_not_theirs_to_read()
    {
        var get = _world.Get<GetInvoiceDocument>();
        var draft = (await _world.Get<GetInvoice>().RunAsync(_world.Billing.Staff, _books.Draft.Id, default)).Value;
        var issued = (await _world.Get<GetInvoice>().RunAsync(_world.Billing.Staff, _books.Issued.Id, default)).Value;

        var own = await get.RunAsync(_world.Billing.Customer(_books.Other.Id), draft, default);
        var foreign = await get.RunAsync(_world.Billing.Customer(_books.Other.Id), issued, default);

        own.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        foreign.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await get.RunAsync(_world.Billing.Customer(_books.Customer.Id), issued, default)).Succeeded.ShouldBeTrue();
    }
}
