using System.Reflection;

namespace Portal.Data;

/// <summary>
/// Two people change one thing. What each changed is told from what they began with: where they changed different fields both hold, and a field
/// that both changed is refused to the second with what the first made of it. So nobody puts a value back that they never looked at.
/// </summary>
public static class Edits
{
    public const string Changed = "edit.changed", ChangedUnsaid = "edit.changed.unsaid";

    /// <param name="read">What the form began with.</param>
    /// <param name="typed">What it says now.</param>
    /// <param name="now">What the database says, under its lock.</param>
    /// <returns>What is to be written, and an <c>edit.changed</c> for each field that both changed, with its present value.</returns>
    public static (TInput Merged, List<Error> Errors) Merge<TInput>(TInput read, TInput typed, TInput now)
        where TInput : class
    {
        // A record's own constructor: what an input adds to it beside (what it began with) is no field of the form.
        var constructor = typeof(TInput).GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var errors = new List<Error>();
        var values = constructor.GetParameters().Select(parameter =>
        {
            var property = typeof(TInput).GetProperty(parameter.Name!)!;
            var (was, mine, theirs) = (property.GetValue(read), property.GetValue(typed), property.GetValue(now));
            if (Same(was, mine)) return theirs;
            if (!Same(was, theirs) && !Same(mine, theirs)) errors.Add(Told(property, theirs));
            return mine;
        });
        return ((TInput)constructor.Invoke([.. values]), errors);
    }

    // A row's number and a state's name say nothing to a person.
    private static Error Told(PropertyInfo property, object? theirs) =>
        theirs is Enum or null or bool || property.Name.EndsWith("Id", StringComparison.Ordinal)
            ? new Error(ChangedUnsaid, property.Name)
            : new Error(Changed, property.Name, theirs);

    private static bool Same(object? one, object? other) =>
        one is string or null && other is string or null
            ? string.Equals((one as string).TrimToNull(), (other as string).TrimToNull(), StringComparison.Ordinal)
            : Equals(one, other);
}
