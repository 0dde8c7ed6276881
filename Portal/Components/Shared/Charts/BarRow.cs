using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared.Charts;

/// <summary>A row of <see cref="Bars"/>.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How long its bar is, beside the others.</param>
/// <param name="Amount">The value as it is read.</param>
/// <param name="Count">How many things it is made of, as it is read.</param>
/// <param name="Href">Where the rows behind it are.</param>
/// <param name="Tone">The colour of its bar; the word beside it says what it means.</param>
public sealed record BarRow(string Name, decimal Value, RenderFragment Amount, string Count, string? Href, BadgeTone Tone = BadgeTone.Info);
