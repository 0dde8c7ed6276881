namespace Portal.Core.Access;

/// <summary>How many wrong tries in a row lock a person out, and for how long.</summary>
public sealed record LockoutRules(int Tries = 5, int Minutes = 5);
