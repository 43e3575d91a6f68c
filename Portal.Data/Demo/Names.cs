using System.Globalization;
using System.Text;

namespace Portal.Data.Demo;

/// <summary>Names of people who do not exist, as they are common in Colombia.</summary>
internal static class Names
{
    private static readonly string[] Women =
    [
        "Adriana",
        "Alejandra",
        "Ana María",
        "Beatriz Elena",
        "Carmen Rosa",
        "Catalina",
        "Claudia Patricia",
        "Daniela",
        "Diana Carolina",
        "Esperanza",
        "Gloria Inés",
        "Isabella",
        "Johana",
        "Juliana",
        "Laura Sofía",
        "Liliana",
        "Luisa Fernanda",
        "Luz Marina",
        "Manuela",
        "María Camila",
        "María Paula",
        "Marcela",
        "Martha Lucía",
        "Mónica",
        "Natalia",
        "Nubia",
        "Olga Lucía",
        "Paola Andrea",
        "Pilar",
        "Rocío",
        "Rosalba",
        "Sara",
        "Sandra Milena",
        "Tatiana",
        "Valentina",
        "Viviana",
        "Yolanda",
        "Ximena",
    ];

    private static readonly string[] Men =
    [
        "Alberto",
        "Álvaro José",
        "Andrés Felipe",
        "Camilo",
        "Carlos Arturo",
        "César Augusto",
        "Cristian",
        "Daniel",
        "David Santiago",
        "Diego Alejandro",
        "Édgar",
        "Eduardo",
        "Esteban",
        "Fabián",
        "Fernando",
        "Germán",
        "Gustavo Adolfo",
        "Héctor Fabio",
        "Hernán",
        "Iván Darío",
        "Jaime",
        "Javier",
        "Jhon Fredy",
        "Jorge Enrique",
        "José Luis",
        "Juan Camilo",
        "Juan Pablo",
        "Julián",
        "Leonardo",
        "Luis Alberto",
        "Mauricio",
        "Miguel Ángel",
        "Nelson",
        "Óscar Iván",
        "Ricardo",
        "Rodrigo",
        "Samuel",
        "Santiago",
        "Sebastián",
        "William",
    ];

    private static readonly string[] Families =
    [
        "Acosta",
        "Aguirre",
        "Álvarez",
        "Arango",
        "Ardila",
        "Arias",
        "Ávila",
        "Barrera",
        "Bedoya",
        "Beltrán",
        "Bernal",
        "Bonilla",
        "Buitrago",
        "Cabrera",
        "Camargo",
        "Cano",
        "Cárdenas",
        "Carvajal",
        "Castaño",
        "Castillo",
        "Cifuentes",
        "Correa",
        "Cortés",
        "Duque",
        "Echeverri",
        "Escobar",
        "Espinosa",
        "Forero",
        "Franco",
        "Galindo",
        "Gallego",
        "García",
        "Giraldo",
        "Gómez",
        "González",
        "Guerrero",
        "Gutiérrez",
        "Henao",
        "Hernández",
        "Herrera",
        "Hoyos",
        "Hurtado",
        "Jaramillo",
        "Jiménez",
        "León",
        "Londoño",
        "López",
        "Lozano",
        "Marín",
        "Martínez",
        "Mejía",
        "Mendoza",
        "Molina",
        "Montoya",
        "Mora",
        "Moreno",
        "Muñoz",
        "Murillo",
        "Navarro",
        "Nieto",
        "Niño",
        "Ocampo",
        "Ortega",
        "Ortiz",
        "Osorio",
        "Ospina",
        "Pardo",
        "Parra",
        "Patiño",
        "Peña",
        "Pérez",
        "Pineda",
        "Prieto",
        "Quintero",
        "Ramírez",
        "Rendón",
        "Restrepo",
        "Reyes",
        "Ríos",
        "Rivera",
        "Rodríguez",
        "Rojas",
        "Romero",
        "Ruiz",
        "Salazar",
        "Sánchez",
        "Sandoval",
        "Serrano",
        "Sierra",
        "Silva",
        "Solano",
        "Suárez",
        "Tobón",
        "Toro",
        "Torres",
        "Uribe",
        "Valencia",
        "Vargas",
        "Vásquez",
        "Velásquez",
        "Vélez",
        "Villa",
        "Zapata",
        "Zuluaga",
    ];

    public static (string First, string Last) Person(Random random)
    {
        var given = random.Next(2) == 0 ? Women : Men;
        return (given[random.Next(given.Length)], $"{Families[random.Next(Families.Length)]} {Families[random.Next(Families.Length)]}");
    }

    public static string Full(Random random)
    {
        var (first, last) = Person(random);
        return $"{first} {last}";
    }

    /// <summary><c>Óscar Iván Nieto</c> is <c>oscar.nieto</c>.</summary>
    public static string Account(string first, string last) => $"{Plain(first.Split(' ')[0])}.{Plain(last.Split(' ')[0])}";

    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetter(letter)) plain.Append(char.ToLowerInvariant(letter));
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.DashPunctuation) plain.Append('-');
        }

        return plain.ToString();
    }
}
