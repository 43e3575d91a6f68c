using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;

namespace Portal.Hosting;

/// <summary>
/// One and many in a text of a resource: <c>{0} {0|respuesta|respuestas}</c> is "1 respuesta" and "2 respuestas". What is counted is a
/// number, or one already written out.
/// </summary>
public static partial class CountWords
{
    /// <summary>The text with its words chosen, ready for <see cref="string.Format(string, object?[])"/>.</summary>
    public static string Choose(string text, params object?[] arguments) =>
        !text.Contains('|', StringComparison.Ordinal)
            ? text
            : Choice().Replace(
                text,
                found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) is var hole && hole < arguments.Length
                    ? found.Groups[IsOne(arguments[hole]) ? 2 : 3].Value
                    : found.Value);

    private static bool IsOne(object? count) => count switch
    {
        string written => written == "1",
        IConvertible number => Convert.ToDecimal(number, CultureInfo.InvariantCulture) == 1,
        LocalizedString words => words.Value == "1",
        _ => false,
    };

    [GeneratedRegex(@"\{(\d+)\|([^|{}]*)\|([^|{}]*)\}")]
    private static partial Regex Choice();
}

/// <summary>The framework's localizers, which also know one from many.</summary>
public sealed class CountingLocalizerFactory(ResourceManagerStringLocalizerFactory inner) : IStringLocalizerFactory
{
    public IStringLocalizer Create(Type resourceSource) => new Counting(inner.Create(resourceSource));

    public IStringLocalizer Create(string baseName, string location) => new Counting(inner.Create(baseName, location));

    private sealed class Counting(IStringLocalizer inner) : IStringLocalizer
    {
        public LocalizedString this[string name] => inner[name];

        public LocalizedString this[string name, params object[] arguments]
        {
            get
            {
                var found = inner[name];
                var text = string.Format(CultureInfo.CurrentCulture, CountWords.Choose(found.Value, arguments), arguments);
                return new LocalizedString(name, text, found.ResourceNotFound, found.SearchedLocation);
            }
        }

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => inner.GetAllStrings(includeParentCultures);
    }
}

public static class WordServices
{
    /// <summary>The words of the resources, for pages, files and jobs.</summary>
    public static IServiceCollection AddWords(this IServiceCollection services)
    {
        services.AddLocalization();
        return services.AddSingleton<ResourceManagerStringLocalizerFactory>()
            .AddSingleton<IStringLocalizerFactory, CountingLocalizerFactory>();
    }
}
