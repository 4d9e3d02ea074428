using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Fuzz;

/// <summary>The text files of a data set in CUB's layout.</summary>
internal sealed class CubTarget : FuzzTarget
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly (string Name, byte[] Content)[] _files;
    private string? _changed;

    public CubTarget()
    {
        _files =
        [
            .. new (string Name, string Text)[]
            {
                ("classes.txt", "1 001.Red_Bird\n2 002.Blue_Bird\n"),
                ("images.txt", "3 001.Red_Bird/a.jpg\n7 001.Red_Bird/b.jpg\n20 002.Blue_Bird/c.jpg\n"),
                ("image_class_labels.txt", "3 1\n7 1\n20 2\n"),
                ("train_test_split.txt", "3 1\n7 0\n20 1\n"),
                ("bounding_boxes.txt", "3 1.0 2.0 10.0 12.0\n7 10.0 10.0 500.0 40.0\n20 0.0 0.0 5.0 5.0\n"),
                ("parts/part_locs.txt", "3 1 4.0 5.5 1\n3 15 0.0 0.0 0\n20 2 8.0 9.0 1\n"),
                ("attributes/class_attribute_labels_continuous.txt", "0.0 25.5\n100.0 1e1\n"),
                ("attributes/attributes.txt", "1 has_bill_shape::dagger\n2 has_wing_color::red\n"),
                ("part_masks/parts.txt", "1 beak\n2 eye\n"),
            }.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text))),
        ];
        foreach (string folder in new[] { "parts", "attributes", "part_masks", "images/001.Red_Bird", "images/002.Blue_Bird" })
        {
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        }

        foreach (string image in new[] { "001.Red_Bird/a.jpg", "001.Red_Bird/b.jpg", "002.Blue_Bird/c.jpg" })
        {
            File.WriteAllText(Path.Combine(Folder, "images", image), "");
        }

        foreach ((string name, byte[] content) in _files)
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content);
        }

        File.WriteAllBytes(Path.Combine(Folder, "part_masks", "mask.png"), Images.Png(4, 4));
    }

    public override void Write(FuzzInput input)
    {
        if (_changed is not null)
        {
            File.WriteAllBytes(Path.Combine(Folder, _changed), _files.First(file => file.Name == _changed).Content);
        }

        (string name, byte[] content) = Choose(_files, input.Seed);
        _changed = name;
        File.WriteAllBytes(Path.Combine(Folder, name), Mutator.Text(content, input.Changes));
    }

    public override void Read()
    {
        if (_changed == "part_masks/parts.txt")
        {
            new PartMaskReader().Read(
                Path.Combine(Folder, "part_masks", "mask.png"),
                ImageGeometry.Create(ImageFit.Pad, 4, 4, 56, 56, new MapGrid(4, 4), 14, 14),
                ["beak", "eye"]
            );
            return;
        }

        IDataView rows = _ml.Data.LoadCub(Folder);
        Assert.HasCount((int)rows.GetRowCount()!, rows.GetColumn<float[]>("KeyPoints").ToArray());
    }

    public override bool IsTyped(Exception exception) => exception is InvalidDataException or FileNotFoundException;
}
