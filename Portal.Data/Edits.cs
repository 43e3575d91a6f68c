using System.Reflection;

namespace Portal.Data;

/// <summary>What a form says, with what it began with.</summary>
public interface IEdit<out TInput>
    where TInput : class
{
    /// <summary>What the form began with; null writes over whatever is there.</summary>
    TInput? Read { get; }
}

/// <summary>
/// Two people change one thing. What each changed is told from what they began with: where they changed different fields both hold, and a
/// field that both changed is refused to the second with what the first made of it. So nobody puts a value back that they never looked at.
/// </summary>
public static class Edits
{
    public const string Changed = "edit.changed", ChangedUnsaid = "edit.changed.unsaid";

    /// <param name="typed">What the form says now.</param>
    /// <param name="now">What the database says, under its lock.</param>
    /// <param name="holds">Whether fields that hang together still agree (a free parking space has no plate). Where half of one edit and
    /// half of the other do not, all that the other changed is told: the second person decides about the whole.</param>
    /// <returns>What is to be written; or an <c>edit.changed</c> for each field that both changed, with its present value.</returns>
    public static Result<TInput> Merge<TInput>(TInput typed, TInput now, Func<TInput, bool>? holds = null)
        where TInput : class, IEdit<TInput>
    {
        if (typed.Read is not { } read) return typed;
        var errors = new List<Error>();
        var merged = Make<TInput>(field =>
        {
            var (was, mine, theirs) = (field.GetValue(read), field.GetValue(typed), field.GetValue(now));
            if (Same(was, mine)) return theirs;
            if (!Same(was, theirs) && !Same(mine, theirs)) errors.Add(Told(field, theirs));
            return mine;
        });
        if (errors.Count == 0 && holds?.Invoke(merged) == false)
        {
            errors.AddRange(
                Fields<TInput>()
                    .Where(field => !Same(field.GetValue(read), field.GetValue(now)) && !Same(field.GetValue(typed), field.GetValue(now)))
                    .Select(field => Told(field, field.GetValue(now))));
        }

        if (errors.Count > 0) return errors;
        return merged;
    }

    /// <summary>
    /// What a form counts as having begun with after an answer: of the fields it was told about, what the other made of them, so that
    /// saving again is a choice. The rest stays as it was read: what the other changed there was not told, and is not to be put back.
    /// </summary>
    public static TInput? Seen<TInput>(TInput? read, Result answer)
        where TInput : class, IEdit<TInput>
    {
        var told = answer.Errors.Where(error => error.IsEdit).ToDictionary(error => error.Field!, error => error.Values[0]);
        return read is null || told.Count == 0
            ? read
            : Make<TInput>(field => told.TryGetValue(field.Name, out var theirs) ? theirs : field.GetValue(read));
    }

    private static IEnumerable<PropertyInfo> Fields<TInput>() =>
        typeof(TInput).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.Name != nameof(IEdit<object>.Read));

    private static TInput Make<TInput>(Func<PropertyInfo, object?> value)
    {
        var values = Fields<TInput>().ToDictionary(field => field.Name, value);
        // A record's own constructor, and what it has besides (settings have nothing but).
        var constructor = typeof(TInput).GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var parameters = constructor.GetParameters().Select(parameter => parameter.Name!).ToList();
        var made = (TInput)constructor.Invoke([.. parameters.Select(name => values[name])]);
        foreach (var field in Fields<TInput>().Where(field => !parameters.Contains(field.Name))) field.SetValue(made, values[field.Name]);
        return made;
    }

    // A row's number and a state's name say nothing to a person.
    private static Error Told(PropertyInfo field, object? theirs)
    {
        var unsaid = theirs is Enum or null or bool || field.Name.EndsWith("Id", StringComparison.Ordinal);
        return new(unsaid ? ChangedUnsaid : Changed, field.Name, theirs);
    }

    private static bool Same(object? one, object? other) =>
        one is string or null && other is string or null
            ? string.Equals((one as string).TrimToNull(), (other as string).TrimToNull(), StringComparison.Ordinal)
            : Equals(one, other);
}
