// Publicizer INPUT OUTPUT TYPE...
// Copies an assembly to compile against, with the named types, and all their members, made public. Only flags in the metadata tables
// change, so that everything keeps its place and the same input gives the same bytes. The copy is never shipped nor run.
using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

if (args.Length < 3)
{
    Console.Error.WriteLine("Publicizer: expected INPUT OUTPUT TYPE...");
    return 2;
}

byte[] image = File.ReadAllBytes(args[0]);
using var pe = new PEReader(new MemoryStream(image));
MetadataReader metadata = pe.GetMetadataReader();
int start = pe.PEHeaders.MetadataStartOffset;
HashSet<string> wanted = [.. args[2..]];
foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    if (!type.GetDeclaringType().IsNil || !wanted.Remove($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"))
    {
        continue;
    }

    // ECMA-335, II.22: a type's and a field's row begin with the flags (4 and 2 bytes); a method's flags follow 4 + 2 other bytes.
    int flags = Offset(TableIndex.TypeDef, handle);
    BinaryPrimitives.WriteInt32LittleEndian(
        image.AsSpan(flags),
        (int)((type.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public)
    );
    foreach (FieldDefinitionHandle field in type.GetFields())
    {
        FieldAttributes attributes = metadata.GetFieldDefinition(field).Attributes;
        WriteInt16(Offset(TableIndex.Field, field), (int)((attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public));
    }

    foreach (MethodDefinitionHandle method in type.GetMethods())
    {
        MethodAttributes attributes = metadata.GetMethodDefinition(method).Attributes;
        WriteInt16(
            Offset(TableIndex.MethodDef, method) + 6,
            (int)((attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public)
        );
    }
}

if (wanted.Count > 0)
{
    Console.Error.WriteLine($"Publicizer: {args[0]} has no type {string.Join(", ", wanted)}.");
    return 1;
}

File.WriteAllBytes(args[1], image);
return 0;

int Offset(TableIndex table, EntityHandle handle) =>
    start + metadata.GetTableMetadataOffset(table) + ((MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(table));

void WriteInt16(int offset, int value) => BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(offset), (short)value);
