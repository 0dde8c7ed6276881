using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Access;
using Portal.Core.Kernel;

namespace Portal.Components.Shared.Forms;

public sealed partial class AppForm : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, IField> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mended = new(StringComparer.Ordinal);
    private IReadOnlyList<Failure> _failures = [];
    private bool _changed;
    private bool _sending;
    private int _attempt;
    private string? _leavingTo;

    /// <summary>Does it, and answers with what is wrong; nothing when it is done. Its component is rendered after it (see <see cref="Owner"/>).</summary>
    [Parameter, EditorRequired]
    public required Func<CancellationToken, Task<IReadOnlyList<Failure>>> Submit { get; set; }

    /// <summary>A verb phrase: <c>Create organisation</c>.</summary>
    [Parameter, EditorRequired]
    public required string SubmitText { get; set; }

    /// <summary>Where giving up leads.</summary>
    [Parameter]
    public string? CancelHref { get; set; }

    /// <summary>Or what it does, as in a dialog.</summary>
    [Parameter]
    public EventCallback OnCancel { get; set; }

    [Parameter]
    public bool Danger { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    // What the browser keeps of a form is one person's own.
    private string Person => Authentication is { IsCompletedSuccessfully: true, Result.User: var user } && user.PersonId() is { } id ? id.ToString("n") : "nobody";

    /// <summary>True when something was typed that is not saved.</summary>
    public bool IsChanged => _changed && !_sending;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    internal void Add(IField field) => _fields[field.Name] = field;

    internal void Remove(IField field)
    {
        if (_fields.TryGetValue(field.Name, out var known) && ReferenceEquals(known, field))
            _fields.Remove(field.Name);
    }

    /// <summary>What is wrong with a field, until it is changed.</summary>
    internal string? ErrorOf(string name) => _mended.Contains(name) ? null : _failures.FirstOrDefault(failure => failure.Field == name)?.Message;

    internal void Touched(string name)
    {
        _changed = true;
        _mended.Add(name);
        StateHasChanged();
    }

    private async Task SendAsync()
    {
        // The second of two quick clicks is already on its way when the button goes grey.
        if (_sending)
            return;
        _sending = true;
        _failures = [];
        _mended.Clear();
        try
        {
            var unreadable = _fields.Values.Select(field => field.Unreadable).OfType<Failure>().ToList();
            _failures = unreadable.Count > 0 ? unreadable : await Submit(_gone.Token);
            if (_failures.Count == 0)
            {
                _changed = false;
                await Owner.RenderAsync(Submit);
            }
        }
        finally
        {
            _sending = false;
            _attempt++;
            foreach (var field in _fields.Values)
                field.Refresh();
        }
    }

    private async Task CancelAsync()
    {
        _changed = false;
        await OnCancel.InvokeAsync();
    }

    private Task AskAsync(LocationChangingContext context)
    {
        // Another query on the same page is not leaving.
        var here = new Uri(Navigation.Uri).AbsolutePath;
        var there = Navigation.ToAbsoluteUri(context.TargetLocation).AbsolutePath;
        if (IsChanged && !string.Equals(here, there, StringComparison.Ordinal))
        {
            context.PreventNavigation();
            _leavingTo = context.TargetLocation;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private void Leave(string target)
    {
        (_changed, _leavingTo) = (false, null);
        Navigation.NavigateTo(target);
    }
}
