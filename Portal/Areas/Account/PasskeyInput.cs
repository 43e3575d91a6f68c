namespace Portal.Areas.Account;

/// <summary>What the script of <see cref="PasskeyForm"/> fills in.</summary>
public sealed class PasskeyInput
{
    /// <summary>JSON of what the device gave.</summary>
    public string? Answer { get; set; }

    public bool Remember { get; set; }
}
