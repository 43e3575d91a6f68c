namespace Portal.Data;

/// <summary>A refusal that a person can cause. The screen turns the code into words; the values are what the words speak of.</summary>
/// <param name="Code">Dotted and lowercase, such as <c>reservation.taken</c>.</param>
/// <param name="Field">The input it is about; null where it is about the whole.</param>
/// <param name="Values">For the words, in their order.</param>
public sealed record Error(string Code, string? Field = null, params object?[] Values)
{
    /// <summary>It is not there, or it is out of this person's reach: the answer is the same.</summary>
    public static Error NotFound { get; } = new("not_found");

    /// <summary>The person may see it but not do this.</summary>
    public static Error Forbidden { get; } = new("forbidden");

    /// <summary>Somebody else changed it meanwhile.</summary>
    public static Error Stale { get; } = new("stale");

    /// <summary>The database could not do it (<see cref="Database.Outage"/>): nothing is wrong with what was asked.</summary>
    public bool IsOutage => Code.StartsWith(Database.Outages.Codes, StringComparison.Ordinal);

    /// <summary>Two people changed the same field (<see cref="Edits"/>): the second chooses by saving again.</summary>
    public bool IsEdit => Code.StartsWith(Edits.Changed, StringComparison.Ordinal);

    public static Error Required(string field) => new("required", field);

    public static Error TooLong(string field, int most) => new("too_long", field, most);
}

/// <summary>What a write came to: done, or refused for one or more reasons.</summary>
public class Result
{
    protected Result(IReadOnlyList<Error> errors) => Errors = errors;

    /// <summary>All reasons at once, so that a person hears everything in one go; empty when it was done.</summary>
    public IReadOnlyList<Error> Errors { get; }

    public bool Ok => Errors.Count == 0;

    public Error? Error => Errors.Count == 0 ? null : Errors[0];

    public static Result Done { get; } = new([]);

    public static implicit operator Result(Error error) => new([error]);

    public static implicit operator Result(List<Error> errors) => new(errors);
}

/// <inheritdoc cref="Result"/>
public sealed class Result<T> : Result
{
    private readonly T? _value;

    private Result(T value) : base([]) => _value = value;

    private Result(IReadOnlyList<Error> errors) : base(errors)
    {
    }

    /// <exception cref="InvalidOperationException">It was refused: look at <see cref="Result.Ok"/> first.</exception>
    public T Value => Ok ? _value! : throw new InvalidOperationException($"Refused ({Errors[0].Code}); check Ok before reading Value.");

    public static implicit operator Result<T>(T value) => new(value);

    public static implicit operator Result<T>(Error error) => new([error]);

    public static implicit operator Result<T>(List<Error> errors) => new(errors);

    /// <summary>The same refusal of a method that gives something else.</summary>
    public static Result<T> Refused(Result other) => new(other.Errors);
}
