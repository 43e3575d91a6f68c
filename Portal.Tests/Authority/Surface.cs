using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;

namespace Portal.Tests.Authority;

/// <summary>Everything that the portal offers, found by looking at it.</summary>
internal static class Surface
{
    /// <summary>What no person calls: plumbing under the services, with the reason.</summary>
    private static readonly Dictionary<string, string> Plumbing = new()
    {
        ["PortalStore"] = "opens the database for whom it is told; the services above it decide",
        ["PortalDb"] = "the context itself",
        ["CurrentUser"] = "the person",
    };

    /// <summary>What MapStaticAssets adds where the files are not published.</summary>
    private const string FilesInDevelopment = "{**path:file}";

    /// <summary>
    /// Public methods of Portal.Data that are done for somebody, and every other asynchronous one of a class whose methods are.
    /// </summary>
    public static IReadOnlySet<string> Methods { get; } =
        typeof(PortalDb)
            .Assembly.GetExportedTypes()
            .Where(type =>
                type is { IsClass: true, IsAbstract: false }
                && !Plumbing.ContainsKey(type.Name)
                && !type.IsDefined(typeof(CompilerGeneratedAttribute))
            )
            .Where(type => type.Name.EndsWith("Service", StringComparison.Ordinal) || Own(type).Any(ForSomebody))
            .SelectMany(type => Own(type).Where(method => ForSomebody(method) || Asynchronous(method)).Select(method => Key(type, method)))
            .ToHashSet();

    /// <summary>Pages by their routes. Those that exist only in development say so in their address.</summary>
    public static IReadOnlySet<string> Pages { get; } = typeof(Program).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
        .Select(route => route.Template)
        .Where(template => !template.StartsWith("/_", StringComparison.Ordinal))
        .Select(template => "PAGE " + template)
        .ToHashSet();

    /// <summary>Mapped endpoints that are neither pages nor files nor the framework's own.</summary>
    public static IReadOnlySet<string> Endpoints(IServiceProvider services) =>
        services
            .GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is null
                && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
            )
            .Where(endpoint =>
                endpoint.RoutePattern.RawText?.TrimStart('/') is { } pattern && !pattern.StartsWith('_') && pattern != FilesInDevelopment
            )
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                    .Where(method => method != "HEAD")
                    .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}")
            )
            .ToHashSet();

    private static IEnumerable<MethodInfo> Own(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName);

    private static bool ForSomebody(MethodInfo method) => method.GetParameters().Any(p => p.ParameterType == typeof(CurrentUser));

    private static bool Asynchronous(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        || method.ReturnType is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() is var open
            && (open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>));

    private static string Key(Type type, MethodInfo method) => Own(type).Count(m => m.Name == method.Name) == 1
        ? $"{type.Name}.{method.Name}"
        : $"{type.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name.Split('`')[0]))})";
}
