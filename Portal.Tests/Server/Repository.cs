namespace Portal.Tests.Server;

/// <summary>The folder the solution lies in.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vallhalla.Portal.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"Vallhalla.Portal.sln lies in no folder above {AppContext.BaseDirectory}.");
    }
}
