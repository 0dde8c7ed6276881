namespace Portal.Endpoints.Downloads;

/// <summary>A column of a file, with its head.</summary>
/// <param name="Head">In sentence case; an instant says that it is UTC.</param>
/// <param name="Cell">A row's value: numbers as numbers, instants as <see cref="DateTimeOffset"/>.</param>
internal sealed record CsvColumn<T>(string Head, Func<T, object?> Cell);
