using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>Accounts: ASP.NET Identity on the documented tables, and the services the pages use.</summary>
internal sealed class IdentityArea : DataArea
{
    public override void Register(IServiceCollection services)
    {
        // Where there is no configuration, as in programs of one purpose, the defaults hold.
        services.AddOptions<AccountOptions>().Configure<IServiceProvider>((options, provider) =>
            provider.GetService<IConfiguration>()?.GetSection(AccountOptions.Section).Bind(options));
        services.AddSingleton<PasswordWork>();
        services.AddSingleton<IPasswordHasher<User>>(provider => provider.GetRequiredService<PasswordWork>());
        services.AddSingleton<CurrentUserSource>();
        services.AddSingleton<SessionSource>();
        services.AddScoped<SessionService>();
        services.AddSingleton<SetupService>();
        services.AddScoped<SignInService>();
        services.AddScoped<PasswordService>();
        services.AddDataProtection();
        services.AddSingleton<SecondStepCheck>();
        services.AddScoped<SecondStepService>();
        services.AddSingleton<PasskeyCheck>();
        services.AddSingleton<PasskeySites>();
        services.AddScoped<PasskeyService>();
        services.AddScoped<PasskeySignInService>();
        services.AddScoped<TwoStepService>();
        services.AddScoped<FreshSignInService>();
        services.AddScoped<AccountService>();
        services.AddSingleton<NewSignInLinks>().AddScoped<NewSignInService>();
        services
            .AddIdentityCore<User>(options =>
            {
                options.Password = new PasswordOptions
                {
                    RequiredLength = PasswordPolicy.Shortest,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                options.User.AllowedUserNameCharacters = "";
            })
            .AddRoles<Role>()
            .AddUserStore<UserStore>()
            .AddRoleStore<RoleStore>();
    }
}
