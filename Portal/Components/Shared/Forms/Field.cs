using Microsoft.AspNetCore.Components;
using Portal.Core.Kernel;

namespace Portal.Components.Shared.Forms;

/// <summary>A labelled input of an <see cref="AppForm"/> with its help below and its error beside it.</summary>
public abstract class Field<T> : ComponentBase, IField, IDisposable
{
    [CascadingParameter]
    private AppForm? Form { get; set; }

    /// <summary>The name that failures use, in camelCase: <c>billingEmail</c>.</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>What to give, and what it is for.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>False: the label says <c>optional</c>.</summary>
    [Parameter]
    public bool Required { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public T Value { get; set; } = default!;

    [Parameter]
    public EventCallback<T> ValueChanged { get; set; }

    public string InputId => $"field-{Name}";

    public string? HelpId => Help is null ? null : $"{InputId}-help";

    public string ErrorId => $"{InputId}-error";

    /// <summary>What is wrong, or null.</summary>
    public string? Error => Unreadable?.Message ?? Form?.ErrorOf(Name);

    /// <summary>For <c>aria-describedby</c>.</summary>
    protected string? DescribedBy => (HelpId, Error) switch
    {
        (null, null) => null,
        ({ } help, null) => help,
        (null, { }) => ErrorId,
        ({ } help, { }) => $"{help} {ErrorId}",
    };

    protected string? Invalid => Error is null ? null : "true";

    protected Failure? Unreadable { get; set; }

    Failure? IField.Unreadable => Unreadable;

    void IField.Refresh() => StateHasChanged();

    public void Dispose()
    {
        Form?.Remove(this);
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Form?.Add(this);

    protected async Task ChangeAsync(T value)
    {
        Unreadable = null;
        Value = value;
        await ValueChanged.InvokeAsync(value);
        Form?.Touched(Name);
    }

    /// <summary>What was typed is no value.</summary>
    protected void Refuse(string message)
    {
        Unreadable = Failure.Invalid(Name, message);
        Form?.Touched(Name);
    }
}
