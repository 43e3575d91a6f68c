using System.Linq.Expressions;
using System.Reflection;

namespace Portal.Tests;

/// <summary>
/// Gives an entity what none of its verbs would: an id of the test's own, or a state as an older database or another day left it. Only
/// tests can do this; what the portal does goes through the verbs.
/// </summary>
internal static class Restored
{
    public static T With<T, TValue>(this T entity, Expression<Func<T, TValue>> property, TValue value) where T : class
    {
        ((PropertyInfo)((MemberExpression)property.Body).Member).SetValue(entity, value);
        return entity;
    }
}
