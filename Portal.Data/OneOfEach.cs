namespace Portal.Data;

/// <summary>What is found by looking at the assembly, so that nothing has to list it by name.</summary>
public static class OneOfEach
{
    /// <summary>One of every class that derives from <typeparamref name="T"/> beside it, in the order of their names.</summary>
    public static IEnumerable<T> Of<T>() where T : class => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (T)Activator.CreateInstance(type)!);
}
