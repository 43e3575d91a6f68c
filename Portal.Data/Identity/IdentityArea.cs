using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>Accounts: ASP.NET Identity on the documented tables, and the services the pages use.</summary>
internal sealed class IdentityArea : DataArea
{
    public override void Register(IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section);
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
