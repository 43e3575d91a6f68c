using System.Globalization;

namespace Portal.Data.Packs;

/// <summary>The letters that lie in a pack, for who opens it without a portal.</summary>
internal static class PackLetters
{
    public static IEnumerable<(string File, string Text)> Letters(string building, DateTime madeAt)
    {
        var at = madeAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        yield return ("LEEME.txt",
            $"""
            {building}
            Copia completa para entrega, hecha el {at}.

            data/              una hoja (CSV, UTF-8) por cada tabla, para leerla con cualquier programa
            sql/               las mismas filas en SQL, con lo que no es para leer (contraseñas cifradas, archivos)
            files/             los archivos que se subieron, con su nombre: documentos, fotos, soportes
            trial-balance.csv  balance de prueba: cada cuenta con sus débitos, créditos y saldo
            manifest.json      qué hay aquí: cuántas filas de cada tabla y la huella de cada archivo
            manifest.sig       la firma de esa lista; signer.pem es la llave pública de quien la hizo

            Para recibirla en otra instalación del portal:  ./run import CARPETA --into portal
            La instalación muestra la huella de quien firmó: compárela con la que le dicta quien entrega.
            No van aquí: sesiones, segundos pasos, llaves y copias de la instalación anterior (vea "LeftOut" en manifest.json).
            Contiene datos personales (Ley 1581 de 2012): entréguela solo a quien deba tenerla y bórrela después.

            """);
        yield return ("README.txt",
            $"""
            {building}
            A whole copy to hand over, made on {at}.

            data/              a sheet (CSV, UTF-8) of each table, to be read with any program
            sql/               the same rows in SQL, with what is not for reading (hashed passwords, files)
            files/             the files that were uploaded, under their names: documents, photos, proofs
            trial-balance.csv  each account with its debits, credits and balance
            manifest.json      what is here: how many rows each table has, and the hash of each file
            manifest.sig       the signature over that list; signer.pem is the public key of who made it

            To take it into another installation of the portal:  ./run import FOLDER --into portal
            The installation shows the fingerprint of who signed: compare it with the one that is read out to you.
            Not here: sessions, second steps, keys and backups of the installation it came from (see "LeftOut" in manifest.json).
            It holds personal data (Ley 1581 of 2012): give it only to who must have it, and delete it afterwards.

            """);
    }
}
