namespace Portal.Data.OnlinePayments;

/// <summary>
/// A gateway over which residents pay: it takes them to its own page, where no secret of theirs passes through the portal, and tells the
/// portal by signed events what came of it. What it says is believed; how often, how late and in which order it says it does not matter.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Kept with each payment: at most 20 letters.</summary>
    string Name { get; }

    /// <summary>
    /// Begins a payment there, or finds the one that was begun with the same <see cref="ProviderOrder.Code"/>: it may be asked twice.
    /// </summary>
    /// <exception cref="ProviderAwayException">It cannot be reached or does not answer as it should.</exception>
    Task<ProviderStart> StartAsync(ProviderOrder order, CancellationToken ct);

    /// <summary>How a payment stands there now.</summary>
    /// <param name="code">Ours.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where it knows none with this code.</returns>
    /// <exception cref="ProviderAwayException">As <see cref="StartAsync"/>.</exception>
    Task<ProviderReport?> FetchAsync(string code, CancellationToken ct);

    /// <summary>Asks it to give an approved payment back; that it did so comes as an event, or by <see cref="FetchAsync"/>.</summary>
    /// <returns>False where it will not: it knows none with this code, or it is over.</returns>
    /// <exception cref="ProviderAwayException">As <see cref="StartAsync"/>.</exception>
    Task<bool> RefundAsync(string code, CancellationToken ct);

    /// <summary>Reads what somebody sent to <c>/payments/online/events</c>.</summary>
    /// <param name="body">As it came, byte by byte: the signature is over these.</param>
    /// <param name="signature">What the header says.</param>
    /// <param name="message">What the provider says.</param>
    /// <returns>False where it is not the provider's: its signature is missing or wrong, or it cannot be read.</returns>
    bool TryRead(ReadOnlyMemory<byte> body, string? signature, out ProviderMessage? message);
}

/// <summary>What is to be paid.</summary>
/// <param name="Code">By which it is known on both sides.</param>
/// <param name="Amount">Whole pesos.</param>
/// <param name="Title">For the gateway's page.</param>
/// <param name="ReturnTo">Where it sends the person afterwards: an absolute address.</param>
/// <param name="ExpiresAt">UTC. Who has not begun to pay by then can no more.</param>
public sealed record ProviderOrder(string Code, decimal Amount, string Title, string ReturnTo, DateTime ExpiresAt);

/// <param name="Id">The gateway's own.</param>
/// <param name="PayAddress">The page on which it is paid.</param>
public sealed record ProviderStart(string Id, string PayAddress);

/// <summary>What a gateway knows of a payment, or tells of it.</summary>
/// <param name="Code">Ours.</param>
/// <param name="State">One of <see cref="OnlineState.Started"/>, <c>Pending</c>, <c>Approved</c>, <c>Declined</c>, <c>Expired</c>,
/// <c>Refunded</c>.</param>
/// <param name="Amount">What it received or is to receive.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Transaction">Under which number the payer's bank knows it; null before there is one.</param>
/// <param name="At">UTC: when it came to be so.</param>
public sealed record ProviderReport(string Code, OnlineState State, decimal Amount, string Currency, string? Transaction, DateTime At);

/// <summary>Money that the gateway paid out to the building's bank.</summary>
/// <param name="Amount">Of the payments in it, less what was given back.</param>
/// <param name="Fee">What it kept of that.</param>
public sealed record ProviderSettlement(string Id, decimal Amount, decimal Fee, DateOnly PaidOn);

/// <summary>An event, of a payment or of a settlement.</summary>
/// <param name="Id">The same each time that it is sent.</param>
public sealed record ProviderMessage(string Id, ProviderReport? Report, ProviderSettlement? Settlement);

/// <summary>The gateway cannot be reached, or answers nonsense. Nothing is known of what it did.</summary>
public sealed class ProviderAwayException(string message, Exception? inner = null) : Exception(message, inner);
