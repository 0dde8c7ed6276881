using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Shared;
using Portal.Components.Shared.Dialogs;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Components.Admin.Organisations;

public sealed partial class OrganisationPage
{
    private LoadView<Organisation> _view = default!;
    private SuspendDialog _suspend = default!;
    private ConfirmDialog _restore = default!;
    private ConfirmDialog _close = default!;
    private OrganisationOverview? _overview;

    [Parameter]
    public Guid Id { get; set; }

    /// <summary>One of <see cref="OrganisationTabs.All"/>; the overview when there is none.</summary>
    [Parameter]
    public string? Tab { get; set; }

    private string Current => Tab ?? OrganisationTabs.Overview;

    protected override void OnParametersSet()
    {
        if (!OrganisationTabs.All.Any(tab => tab.Key == Current))
            Navigation.NotFound();
    }

    private Task<CallContext> CallAsync(CancellationToken cancellation) => Calls.ForStaffAsync(cancellation);

    private async Task<Result<Organisation>> LoadAsync(CancellationToken cancellation) => await GetOrganisation.RunAsync(await CallAsync(cancellation), Id, cancellation);

    private async Task ReloadAsync()
    {
        await _view.ReloadAsync();
        if (_overview is not null)
            await _overview.ReloadAsync();
    }

    // Another circuit: what the person may do there is decided anew.
    private async Task ViewAsync()
    {
        var begun = await BeginView.RunAsync(await CallAsync(CancellationToken.None), Id, CancellationToken.None);
        if (begun.Succeeded)
            Navigation.NavigateTo(PortalPath.Customer(Id), forceLoad: true);
        else
            Toasts.Failed(begun.Failure.Message);
    }

    private async Task ActivateAsync(Organisation organisation)
    {
        if (await SetActiveAsync(organisation, true, CancellationToken.None) is [var failure, ..])
            Toasts.Failed(failure.Message);
    }

    private async Task<IReadOnlyList<Failure>> SetActiveAsync(Organisation organisation, bool isActive, CancellationToken cancellation)
    {
        var result = await ChangeOrganisation.RunAsync(await CallAsync(cancellation), Id, new OrganisationChanges { IsActive = isActive }, cancellation);
        if (result.Succeeded)
        {
            Toasts.Done(isActive ? $"{organisation.Name} reopened." : $"{organisation.Name} deactivated.");
            await ReloadAsync();
        }

        return result.Failures;
    }

    private async Task<IReadOnlyList<Failure>> RestoreAsync(Organisation organisation, CancellationToken cancellation)
    {
        var result = await Suspending.RestoreAsync(await CallAsync(cancellation), Id, cancellation);
        if (result.Succeeded)
        {
            Toasts.Done($"{organisation.Name} restored.");
            await ReloadAsync();
        }

        return result.Failures;
    }
}
