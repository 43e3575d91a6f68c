namespace Portal.Data.Schema;

/// <summary>The database cannot be brought to, or is not in, the state the portal needs. The message is for the operator: it
/// says what was found and how to go on.</summary>
public sealed class SchemaException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The database could not be opened at all, so nothing was done: it may be asked again.</summary>
    public bool Unopened { get; init; }
}
