using System.Text.RegularExpressions;

namespace Portal.Tests.Licences;

/// <summary>Tells licences by the words of their text, and reads the expressions that packages declare.</summary>
internal static partial class LicenceText
{
    /// <summary>What may be shipped: the permissive ones, and the OFL for fonts.</summary>
    public static IReadOnlySet<string> Allowed { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PostgreSQL", "OFL-1.1" };

    // Whole sentences that no other licence has. What is refused stands here, too: a text with such words in it is never taken for a permissive one.
    private static readonly (string Licence, string Words)[] s_marks =
    [
        ("MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"),
        ("Apache-2.0", "Apache License Version 2.0, January 2004"),
        ("Apache-2.0", "Licensed under the Apache License, Version 2.0"),
        ("ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted"),
        ("ISC", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted"),
        ("PostgreSQL", "Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a written agreement"),
        ("OFL-1.1", "SIL OPEN FONT LICENSE Version 1.1"),
        ("AGPL", "GNU AFFERO GENERAL PUBLIC LICENSE Version"),
        ("GPL", "GNU GENERAL PUBLIC LICENSE Version"),
        ("LGPL", "GNU LESSER GENERAL PUBLIC LICENSE Version"),
        ("MPL", "Mozilla Public License Version"),
        ("SSPL", "Server Side Public License"),
        ("BUSL", "Business Source License"),
        ("Elastic", "Elastic License"),
        ("PolyForm", "PolyForm "),
        ("CC", "Creative Commons Attribution"),
        ("commercial", "Community License Agreement"),
        ("commercial", "Commercial License Agreement"),
        ("commercial", "End User License Agreement"),
    ];

    /// <summary>The licences that the text grants; none when it is like none that is known.</summary>
    public static IReadOnlyList<string> Identify(string text)
    {
        var words = Spaces().Replace(text, " ");
        var found = s_marks.Where(mark => words.Contains(mark.Words, StringComparison.OrdinalIgnoreCase)).Select(mark => mark.Licence).ToList();
        if (words.Contains("Redistribution and use in source and binary forms, with or without modification, are permitted", StringComparison.OrdinalIgnoreCase))
            found.Add(words.Contains("Neither the name", StringComparison.OrdinalIgnoreCase) ? "BSD-3-Clause" : "BSD-2-Clause");
        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The licences of an SPDX expression that bind us: of a choice, the first that is allowed. Anything more intricate binds as it is written, and is not allowed.</summary>
    public static IReadOnlyList<string> Binding(string expression) =>
        [.. expression.Split(" AND ", StringSplitOptions.TrimEntries).Select(term => term.Split(" OR ", StringSplitOptions.TrimEntries).FirstOrDefault(Allowed.Contains) ?? term)];

    [GeneratedRegex(@"[\s*#>/]+")]
    private static partial Regex Spaces();
}
