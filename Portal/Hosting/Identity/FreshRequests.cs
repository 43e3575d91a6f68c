using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// For addresses that give away everything of a kind: who has not proven themselves lately is asked first, and comes back.
/// </summary>
public static class FreshRequests
{
    public const string Path = "/account/confirm";

    public static TBuilder RequireFreshSignIn<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var user = await http.RequestServices.GetRequiredService<Me>().GetAsync(http.RequestAborted);
            var state = await http.RequestServices.GetRequiredService<FreshSignInService>().StateAsync(user, http.RequestAborted);
            return state.IsFresh ? await next(context) : Results.LocalRedirect(AddressFor(http.Request.Path + http.Request.QueryString));
        });

    /// <summary>The page that asks, and leads back to <paramref name="back"/>.</summary>
    public static string AddressFor(string back) => $"{Path}?{IdentityWeb.Return}={Uri.EscapeDataString(back)}";
}
