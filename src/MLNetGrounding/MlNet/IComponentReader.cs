using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetGrounding.MlNet;

/// <summary>Makes the components of this library that ML.NET finds in a saved model, see <see cref="ComponentReaderAttribute"/>.</summary>
internal interface IComponentReader
{
    ITransformer Read(StoredComponent stored, IHostEnvironment environment);
}
