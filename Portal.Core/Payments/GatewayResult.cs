namespace Portal.Core.Payments;

/// <summary>
/// What became of a call to the payment gateway. The set is closed, and the three mean different things to money:
/// <see cref="Done"/> happened, <see cref="Refused"/> certainly did not, <see cref="Unknown"/> may have.
/// </summary>
public abstract record GatewayResult<T>
{
    private GatewayResult() { }

    /// <summary>It happened, or had already happened, and this is how it stands.</summary>
    public sealed record Done(T Value) : GatewayResult<T>;

    /// <summary>It certainly did not happen, and asking again in the same way won't help (but for <see cref="GatewayRefusal.RateLimited"/>).</summary>
    /// <param name="Code">The gateway's code, or one of <see cref="GatewayRefusal"/>.</param>
    /// <param name="Reason">The gateway's finer reason, when it gave one.</param>
    /// <param name="Description">For people. Not stable: never decide by it.</param>
    public sealed record Refused(string Code, string? Reason, string Description) : GatewayResult<T>;

    /// <summary>It may or may not have happened: keep it pending, ask the gateway later, and never repeat a money move on a guess.</summary>
    /// <param name="Why">For logs and staff.</param>
    public sealed record Unknown(string Why) : GatewayResult<T>;

    /// <summary>One function per outcome; the compiler sees to it that none is forgotten.</summary>
    public TOut Match<TOut>(Func<T, TOut> done, Func<Refused, TOut> refused, Func<Unknown, TOut> unknown)
    {
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(refused);
        ArgumentNullException.ThrowIfNull(unknown);
        return this switch
        {
            Done it => done(it.Value),
            Refused it => refused(it),
            Unknown it => unknown(it),
            _ => throw new InvalidOperationException("The set of outcomes is closed."),
        };
    }

    /// <summary>The same outcome of another value.</summary>
    public GatewayResult<TOut> Select<TOut>(Func<T, TOut> map) => Match<GatewayResult<TOut>>(
        value => new GatewayResult<TOut>.Done(map(value)),
        it => new GatewayResult<TOut>.Refused(it.Code, it.Reason, it.Description),
        it => new GatewayResult<TOut>.Unknown(it.Why));
}

/// <summary>Refusal codes that every gateway shares; others are the gateway's own.</summary>
public static class GatewayRefusal
{
    /// <summary>No keys are configured: paying is off. Nothing was sent.</summary>
    public const string NotConfigured = "not_configured";

    /// <summary>The gateway asked us to slow down and did nothing; the same call may be made later.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The gateway does not take the currency, or not this amount of it. Nothing was sent.</summary>
    public const string AmountNotPayable = "amount_not_payable";

    /// <summary>The gateway knows nothing by that id.</summary>
    public const string NotFound = "not_found";

    /// <summary>The gateway refuses our key.</summary>
    public const string Unauthorised = "unauthorised";

    /// <summary>What we were about to send breaks a documented limit. Nothing was sent.</summary>
    public const string Invalid = "invalid_request";
}
